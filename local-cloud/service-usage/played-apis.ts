/** The APIs that the local cloud plays, with Google's titles. */
export const playedApis: ReadonlyMap<string, string> = new Map([
  ['artifactregistry.googleapis.com', 'Artifact Registry API'],
  ['cloudbuild.googleapis.com', 'Cloud Build API'],
  ['cloudresourcemanager.googleapis.com', 'Cloud Resource Manager API'],
  ['iam.googleapis.com', 'Identity and Access Management (IAM) API'],
  ['iamcredentials.googleapis.com', 'IAM Service Account Credentials API'],
  ['oauth2.googleapis.com', 'Google OAuth2 API'],
  ['pubsub.googleapis.com', 'Cloud Pub/Sub API'],
  ['run.googleapis.com', 'Cloud Run Admin API'],
  ['serviceusage.googleapis.com', 'Service Usage API'],
  ['storage.googleapis.com', 'Cloud Storage API'],
]);

import { describe, expect, it } from 'vitest';
import { explainFailure } from './explain-failure.ts';
import { GcloudError, GcloudMissingError } from './gcloud.ts';

const context = { project: 'my-project', deployer: 'user:ada@example.com' };
const explain = (stderr: string, args: readonly string[] = ['run', 'deploy', 'receiver']) =>
  explainFailure(new GcloudError(args, `ERROR: (gcloud.run.deploy) ${stderr}`), {
    ...context,
    args,
  });

describe('explainFailure', () => {
  // Messages of gcloud 528 and of Google's APIs, shortened.
  it.each([
    ['You do not currently have an active account selected.', 'is not logged in'],
    [
      'Your current active account [ada@example.com] does not have any valid credentials',
      'is not logged in',
    ],
    ['There was a problem refreshing your current auth tokens: invalid_grant', 'is not logged in'],
    [
      'UNAUTHENTICATED: Request had invalid authentication credentials. Expected OAuth 2 access token',
      'is not logged in',
    ],
    [
      "FAILED_PRECONDITION: Billing account for project '123' is not found. Billing must be enabled for activation of service(s)",
      'no billing account',
    ],
    [
      'PERMISSION_DENIED: Cloud Run Admin API has not been used in project my-project before or it is disabled.',
      'An API is switched off',
    ],
    [
      'FAILED_PRECONDITION: Constraint constraints/gcp.resourceLocations violated for projects/my-project',
      'A policy of your organization',
    ],
    [
      'FAILED_PRECONDITION: One or more users named in the policy do not belong to a permitted customer.',
      'A policy of your organization',
    ],
    [
      "Revision 'receiver-00001-abc' is not ready and cannot serve traffic. The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout.",
      'did not answer its startup probe',
    ],
    [
      "Image 'europe-west1-docker.pkg.dev/my-project/services/receiver:v1' not found.",
      'The image with this tag is not in the repository',
    ],
    ['RESOURCE_EXHAUSTED: Quota exceeded for quota metric', 'A quota of the project'],
    [
      'INVALID_ARGUMENT: could not resolve source: 123-compute@developer.gserviceaccount.com does not have storage.objects.get access to the Google Cloud Storage object.',
      'the account that Cloud Build builds as',
    ],
    ['build 1234 completed with status "FAILURE"', 'the build failed'],
    ['ALREADY_EXISTS: Resource already exists in the project', 'not what the topology describes'],
    [
      "HTTPSConnectionPool(host='run.googleapis.com', port=443): Max retries exceeded",
      'could not reach Google',
    ],
    ['NOT_FOUND: Resource not found (resource=events).', 'does not exist'],
    [
      "PERMISSION_DENIED: Permission denied on 'locations/europe-wst1' (or it may not exist).",
      'no such region',
    ],
    ['Something nobody has seen', 'is not a common one'],
  ])('%s', (message, meaning) => {
    expect(explain(message).meaning).toContain(meaning);
  });

  it.each([
    ['run', 'roles/run.admin'],
    ['pubsub', 'roles/pubsub.admin'],
    ['iam', 'roles/iam.serviceAccountAdmin'],
    ['artifacts', 'roles/artifactregistry.admin'],
    ['builds', 'roles/cloudbuild.builds.editor'],
    ['services', 'roles/serviceusage.serviceUsageAdmin'],
  ])('names the role that gcloud %s needs, and how to get it', (command, role) => {
    const { remedy } = explain('PERMISSION_DENIED: not authorized', [command, 'x', 'create']);
    expect(remedy).toContain(
      `gcloud projects add-iam-policy-binding my-project --member=user:ada@example.com --role=${role}`,
    );
  });

  it('asks for the right to act as one account, not as all', () => {
    const args = ['run', 'deploy', 'receiver', '--service-account=receiver@my-project.iam'];
    const { remedy } = explain(
      "PERMISSION_DENIED: Permission 'iam.serviceaccounts.actAs' denied on service account",
      args,
    );
    expect(remedy).toContain(
      'gcloud iam service-accounts add-iam-policy-binding receiver@my-project.iam --member=user:ada@example.com --role=roles/iam.serviceAccountUser --project=my-project',
    );
  });

  it('tells how to read the log of a container that does not start', () => {
    const args = ['run', 'deploy', 'receiver', '--cpu=1', '--region=europe-west1', '--project=p'];
    expect(
      explain('The user-provided container failed the configured startup probe', args).remedy,
    ).toContain('gcloud run services logs read receiver --region=europe-west1 --project=p');
  });

  it('tells what to do without gcloud', () => {
    const { remedy } = explainFailure(new GcloudMissingError(), { ...context, args: [] });
    expect(remedy).toContain('--dry-run shows the commands');
  });
});

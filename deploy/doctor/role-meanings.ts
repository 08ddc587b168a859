/** What a role lets its holder do with this deployment; roles that are not here only look or are harmless. */
export const roleMeanings: Readonly<Record<string, string>> = {
  'roles/run.invoker': 'may call it',
  'roles/run.servicesInvoker': 'may call it',
  'roles/run.developer': 'may call it and replace what runs there',
  'roles/run.admin': 'may call it, replace what runs there, and let others in',
  'roles/run.sourceDeveloper': 'may replace what runs there',
  'roles/pubsub.publisher': 'may publish messages that went past the receiver',
  'roles/pubsub.subscriber': 'may read messages and take them away from their readers',
  'roles/pubsub.editor': 'may publish, read and delete',
  'roles/pubsub.admin': 'may publish, read, delete and let others in',
  'roles/iam.serviceAccountTokenCreator': 'may act as the account, without anything being deployed',
  'roles/iam.serviceAccountOpenIdTokenCreator': 'may call services as the account',
  'roles/iam.workloadIdentityUser': 'may act as the account from outside of Google Cloud',
  'roles/iam.serviceAccountUser': 'may run something of their own as the account',
  'roles/iam.serviceAccountKeyAdmin': 'may make key files of the account',
  'roles/iam.serviceAccountAdmin': 'may let others act as the account',
  'roles/editor': 'may change nearly everything',
  'roles/owner': 'may do everything',
  'roles/writer': 'may change nearly everything',
  'roles/admin': 'may do everything',
};

/** https://cloud.google.com/iam/docs/roles-overview#basic */
export const basicRoles: ReadonlySet<string> = new Set([
  ...['roles/owner', 'roles/editor', 'roles/viewer'],
  ...['roles/admin', 'roles/writer', 'roles/reader'],
]);

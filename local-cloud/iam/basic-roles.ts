/** They hold thousands of permissions: https://cloud.google.com/iam/docs/roles-overview#legacy-basic */
export const basicRoles: ReadonlySet<string> = new Set([
  'roles/owner',
  'roles/editor',
  'roles/viewer',
]);

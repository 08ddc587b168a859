import type { ServiceAccountKey } from '../../service-account-keys.ts';
import type { ServiceAccount } from '../../service-accounts.ts';

/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys#ServiceAccountKey */
export function keyJson({ project, email }: ServiceAccount, key: ServiceAccountKey): object {
  return {
    name: `projects/${project}/serviceAccounts/${email}/keys/${key.kid}`,
    validAfterTime: timestamp(key.validFromMs),
    validBeforeTime: timestamp(key.validUntilMs),
    keyAlgorithm: 'KEY_ALG_RSA_2048',
    keyOrigin: 'GOOGLE_PROVIDED',
    keyType: `${key.managedBy}_MANAGED`,
    ...(key.disabled && { disabled: true }),
  };
}

/** Google's are in whole seconds here. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

import type { ApiServices } from '../../../api-services.ts';
import { ApiError } from '../../../network/api-error.ts';
import type { RestCall } from '../../../rest/rest-api.ts';
import type { ServiceAccountKey } from '../../service-account-keys.ts';
import type { ServiceAccount } from '../../service-accounts.ts';
import { accountPath, requireAccount } from '../service-accounts/find-account.ts';

export const keysPath = `${accountPath}/keys`;
export const keyPath = `${keysPath}/{key}`;

/** What the methods for keys are made of. */
export type KeyServices = Pick<ApiServices, 'accounts' | 'accountKeys' | 'iam' | 'topology'>;

/**
 * The key that the call's path names, for somebody who has the permission on its account.
 *
 * @throws {ApiError} PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND
 */
export function requireKey(
  services: KeyServices,
  call: RestCall,
  permission: string,
  action: string,
): { account: ServiceAccount; key: ServiceAccountKey } {
  const account = requireAccount(services, call, permission, action);
  const { key: id = '' } = call.params;
  const key = services.accountKeys.find(account, id);
  if (key) return { account, key };
  throw new ApiError('NOT_FOUND', `Service account key ${id} does not exist.`);
}

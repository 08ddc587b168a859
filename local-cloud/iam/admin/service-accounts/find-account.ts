import type { ApiServices } from '../../../api-services.ts';
import { ApiError } from '../../../network/api-error.ts';
import { projectIdOf } from '../../../resource-manager/project-id.ts';
import type { RestCall } from '../../../rest/rest-api.ts';
import { requireIamPermission } from '../../require-iam-permission.ts';
import { serviceAccountResource } from '../../resource-names.ts';
import type { ServiceAccount } from '../../service-accounts.ts';

/** Of a path: https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/get */
export const accountPath = '/v1/projects/{project}/serviceAccounts/{account}';

export interface NamedAccount {
  /** Full resource name, also of an account that does not exist: IAM is asked first. */
  resource: string;
  /** `undefined` if there never was one; it may be deleted. */
  account: ServiceAccount | undefined;
}

/**
 * The account that a path names: by e-mail address or unique id, in its project or in `-`, which stands
 * for the project that the account is in.
 */
export function findAccount(
  { accounts, topology }: Pick<ApiServices, 'accounts' | 'topology'>,
  { project: inPath = '-', account: id = '' }: RestCall['params'],
): NamedAccount {
  const project = projectIdOf(topology, inPath);
  const found = /^\d+$/.test(id) ? accounts.byUniqueId(id) : accounts.current(id);
  if (found && (project === '-' || project === found.project)) {
    return { resource: serviceAccountResource(found.project, found.email), account: found };
  }
  const [, homeOfId = '-'] = /@([^@]+)\.iam\.gserviceaccount\.com$/.exec(id) ?? [];
  const home = project === '-' ? homeOfId : project;
  return { resource: serviceAccountResource(home, id), account: undefined };
}

/**
 * The account that the call's path names, for somebody who has the permission on it.
 *
 * @throws {ApiError} PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND
 */
export function requireAccount(
  services: Pick<ApiServices, 'accounts' | 'topology' | 'iam'>,
  { params, principal }: RestCall,
  permission: string,
  action: string,
): ServiceAccount {
  const named = findAccount(services, params);
  requireIamPermission(services.iam, { principal, permission, resource: named.resource }, action);
  return existing(named);
}

/** @throws {ApiError} NOT_FOUND */
export function existing({ account }: NamedAccount): ServiceAccount {
  if (account && account.deletedAtMs === undefined) return account;
  throw unknownAccount();
}

/** Google's words [O]. */
export function unknownAccount(): ApiError {
  return new ApiError('NOT_FOUND', 'Unknown service account');
}

import type { ApiServices } from '../../api-services.ts';
import type { RestMethod } from '../../rest/rest-api.ts';
import { createKey } from './keys/create-key.ts';
import { deleteKey } from './keys/delete-key.ts';
import { getKey } from './keys/get-key.ts';
import { listKeys } from './keys/list-keys.ts';
import { switchKey } from './keys/switch-key.ts';
import { createRole } from './roles/create-role.ts';
import { deleteRole } from './roles/delete-role.ts';
import { getRole } from './roles/get-role.ts';
import { listRoles } from './roles/list-roles.ts';
import { queryGrantableRoles } from './roles/query-grantable-roles.ts';
import { queryTestablePermissions } from './roles/query-testable-permissions.ts';
import { undeleteRole } from './roles/undelete-role.ts';
import { updateRole } from './roles/update-role.ts';
import { createServiceAccount } from './service-accounts/create-service-account.ts';
import { deleteServiceAccount } from './service-accounts/delete-service-account.ts';
import { getServiceAccount } from './service-accounts/get-service-account.ts';
import { listServiceAccounts } from './service-accounts/list-service-accounts.ts';
import { patchServiceAccount } from './service-accounts/patch-service-account.ts';
import { serviceAccountPolicy } from './service-accounts/service-account-policy.ts';
import { switchServiceAccount } from './service-accounts/switch-service-account.ts';
import { undeleteServiceAccount } from './service-accounts/undelete-service-account.ts';

/** What the methods work on. */
type IamAdmin = Pick<
  ApiServices,
  'topology' | 'clock' | 'iam' | 'accounts' | 'accountKeys' | 'roles' | 'notify'
>;

/** `iam.googleapis.com`: https://cloud.google.com/iam/docs/reference/rest */
export function iamAdminMethods(services: IamAdmin): RestMethod[] {
  return [
    createServiceAccount(services),
    listServiceAccounts(services),
    getServiceAccount(services),
    patchServiceAccount(services),
    deleteServiceAccount(services),
    undeleteServiceAccount(services),
    ...switchServiceAccount(services),
    ...serviceAccountPolicy(services),
    createKey(services),
    listKeys(services),
    getKey(services),
    deleteKey(services),
    ...switchKey(services),
    ...listRoles(services),
    ...getRole(services),
    createRole(services),
    updateRole(services),
    deleteRole(services),
    undeleteRole(services),
    queryGrantableRoles(services),
    queryTestablePermissions(),
  ];
}

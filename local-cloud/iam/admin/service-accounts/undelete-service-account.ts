import type { ApiServices } from '../../../api-services.ts';
import { invalidArgument } from '../../../network/api-error.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { requireIamPermission } from '../../require-iam-permission.ts';
import { accountPath, findAccount, unknownAccount } from './find-account.ts';
import { serviceAccountJson } from './service-account-json.ts';

/** By its unique id only: a deleted account has no address. */
export function undeleteServiceAccount(
  services: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>,
): RestMethod {
  return {
    name: 'google.iam.admin.v1.UndeleteServiceAccount',
    verb: 'POST',
    path: `${accountPath}:undelete`,
    handle({ principal, params }) {
      const { account: id = '' } = params;
      const { resource, account } = findAccount(services, params);
      const request = { principal, permission: 'iam.serviceAccounts.undelete', resource };
      requireIamPermission(services.iam, request, 'UndeleteServiceAccount');
      if (!/^\d+$/.test(id)) {
        throw invalidArgument(`Name the deleted service account by its unique id, not by ${id}.`);
      }
      if (!account) throw unknownAccount();
      return { restoredAccount: serviceAccountJson(services.accounts.undelete(id)) };
    },
  };
}

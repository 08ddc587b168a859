import type { ApiServices } from '../../../api-services.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { accountPath, requireAccount } from './find-account.ts';

export function deleteServiceAccount(
  services: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>,
): RestMethod {
  return {
    name: 'google.iam.admin.v1.DeleteServiceAccount',
    verb: 'DELETE',
    path: accountPath,
    handle(call) {
      const permission = 'iam.serviceAccounts.delete';
      services.accounts.delete(requireAccount(services, call, permission, 'DeleteServiceAccount'));
      return {};
    },
  };
}

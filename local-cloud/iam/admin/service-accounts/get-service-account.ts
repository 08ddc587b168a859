import type { ApiServices } from '../../../api-services.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { accountPath, requireAccount } from './find-account.ts';
import { serviceAccountJson } from './service-account-json.ts';

export function getServiceAccount(
  services: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>,
): RestMethod {
  return {
    name: 'google.iam.admin.v1.GetServiceAccount',
    verb: 'GET',
    path: accountPath,
    handle: (call) =>
      serviceAccountJson(
        requireAccount(services, call, 'iam.serviceAccounts.get', 'GetServiceAccount'),
      ),
  };
}

import type { ApiServices } from '../../../api-services.ts';
import { listPage } from '../../../rest/list-page.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { requireProject } from '../require-project.ts';
import { serviceAccountJson } from './service-account-json.ts';

export function listServiceAccounts(
  services: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>,
): RestMethod {
  return {
    name: 'google.iam.admin.v1.ListServiceAccounts',
    verb: 'GET',
    path: '/v1/projects/{project}/serviceAccounts',
    handle(call) {
      const permission = 'iam.serviceAccounts.list';
      const project = requireProject(services, call, permission, 'ListServiceAccounts');
      const { items, nextPageToken } = listPage(
        services.accounts.list(project),
        ({ email }) => email,
        call.query,
      );
      return {
        ...(items.length > 0 && { accounts: items.map(serviceAccountJson) }),
        ...(nextPageToken !== '' && { nextPageToken }),
      };
    },
  };
}

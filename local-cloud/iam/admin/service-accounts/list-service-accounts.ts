import type { ApiServices } from '../../../api-services.ts';
import { projectIdOf } from '../../../resource-manager/project-id.ts';
import { listPage } from '../../../rest/list-page.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { requireIamPermission } from '../../require-iam-permission.ts';
import { projectResource } from '../../resource-names.ts';
import { serviceAccountJson } from './service-account-json.ts';

export function listServiceAccounts({
  accounts,
  iam,
  topology,
}: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>): RestMethod {
  return {
    name: 'google.iam.admin.v1.ListServiceAccounts',
    verb: 'GET',
    path: '/v1/projects/{project}/serviceAccounts',
    handle({ principal, params, query }) {
      const project = projectIdOf(topology, params.project);
      const permission = 'iam.serviceAccounts.list';
      const request = { principal, permission, resource: projectResource(project) };
      requireIamPermission(iam, request, 'ListServiceAccounts');
      const { items, nextPageToken } = listPage(
        accounts.list(project),
        ({ email }) => email,
        query,
      );
      return {
        ...(items.length > 0 && { accounts: items.map(serviceAccountJson) }),
        ...(nextPageToken !== '' && { nextPageToken }),
      };
    },
  };
}

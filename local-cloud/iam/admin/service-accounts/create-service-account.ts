import { z } from 'zod';
import type { ApiServices } from '../../../api-services.ts';
import { projectIdOf } from '../../../resource-manager/project-id.ts';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { requireIamPermission } from '../../require-iam-permission.ts';
import { projectResource } from '../../resource-names.ts';
import { serviceAccountJson, serviceAccountSchema } from './service-account-json.ts';

const schema = z.strictObject({
  accountId: z.string().default(''),
  serviceAccount: serviceAccountSchema.optional(),
});

export function createServiceAccount({
  accounts,
  iam,
  topology,
}: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>): RestMethod {
  return {
    name: 'google.iam.admin.v1.CreateServiceAccount',
    verb: 'POST',
    path: '/v1/projects/{project}/serviceAccounts',
    handle({ principal, params, body }) {
      const project = projectIdOf(topology, params.project);
      const permission = 'iam.serviceAccounts.create';
      const request = { principal, permission, resource: projectResource(project) };
      requireIamPermission(iam, request, 'CreateServiceAccount');
      const { accountId, serviceAccount = {} } = parseBody(schema, body);
      const { displayName = '', description = '' } = serviceAccount;
      return serviceAccountJson(accounts.create(project, accountId, { displayName, description }));
    },
  };
}

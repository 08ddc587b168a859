import { z } from 'zod';
import type { ApiServices } from '../../../api-services.ts';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { requireProject } from '../require-project.ts';
import { serviceAccountJson, serviceAccountSchema } from './service-account-json.ts';

const schema = z.strictObject({
  accountId: z.string().default(''),
  serviceAccount: serviceAccountSchema.optional(),
});

export function createServiceAccount(
  services: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>,
): RestMethod {
  return {
    name: 'google.iam.admin.v1.CreateServiceAccount',
    verb: 'POST',
    path: '/v1/projects/{project}/serviceAccounts',
    handle(call) {
      const permission = 'iam.serviceAccounts.create';
      const project = requireProject(services, call, permission, 'CreateServiceAccount');
      const { accountId, serviceAccount = {} } = parseBody(schema, call.body);
      const { displayName = '', description = '' } = serviceAccount;
      const texts = { displayName, description };
      return serviceAccountJson(services.accounts.create(project, accountId, texts));
    },
  };
}

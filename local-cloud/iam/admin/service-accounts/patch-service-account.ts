import { z } from 'zod';
import type { ApiServices } from '../../../api-services.ts';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { fieldsToUpdate } from '../../../rest/update-mask.ts';
import { accountPath, requireAccount } from './find-account.ts';
import { serviceAccountJson, serviceAccountSchema } from './service-account-json.ts';

const schema = z.strictObject({
  serviceAccount: serviceAccountSchema.default({}),
  updateMask: z.string().default(''),
});
const mutable = ['displayName', 'description'] as const;

export function patchServiceAccount(
  services: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>,
): RestMethod {
  return {
    name: 'google.iam.admin.v1.PatchServiceAccount',
    verb: 'PATCH',
    path: accountPath,
    handle(call) {
      const permission = 'iam.serviceAccounts.update';
      const account = requireAccount(services, call, permission, 'PatchServiceAccount');
      const { serviceAccount, updateMask } = parseBody(schema, call.body);
      const fields = fieldsToUpdate(updateMask, serviceAccount, mutable);
      services.accounts.update(
        account,
        Object.fromEntries(fields.map((field) => [field, serviceAccount[field] ?? ''])),
      );
      return serviceAccountJson(account);
    },
  };
}

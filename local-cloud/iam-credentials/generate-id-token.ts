import { z } from 'zod';
import { invalidArgument } from '../network/api-error.ts';
import { parseBody } from '../rest/parse-body.ts';
import type { RestMethod } from '../rest/rest-api.ts';
import { delegatesSchema } from './delegates.ts';
import { type CredentialServices, credentialsPath, requireTarget } from './target-account.ts';

const schema = z.strictObject({
  delegates: delegatesSchema,
  audience: z.string().default(''),
  includeEmail: z.boolean().nullish(),
  useEmailAzp: z.boolean().nullish(),
});

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken */
export function generateIdToken(services: CredentialServices): RestMethod {
  return {
    name: 'google.iam.credentials.v1.IAMCredentials.GenerateIdToken',
    verb: 'POST',
    path: `${credentialsPath}:generateIdToken`,
    async handle(call) {
      const { delegates, audience, includeEmail, useEmailAzp } = parseBody(schema, call.body);
      const permission = 'iam.serviceAccounts.getOpenIdToken';
      const action = 'GenerateIdToken';
      const account = requireTarget(services, call, { delegates, permission, action });
      if (audience === '') throw invalidArgument('The audience is required.');
      const token = await services.idTokens.forServiceAccount(account, {
        audience,
        includeEmail: includeEmail ?? false,
        emailAsParty: useEmailAzp ?? false,
      });
      return { token };
    },
  };
}

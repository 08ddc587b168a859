import { sign } from 'node:crypto';
import { z } from 'zod';
import { parseBody } from '../rest/parse-body.ts';
import type { RestMethod } from '../rest/rest-api.ts';
import { delegatesSchema } from './delegates.ts';
import { type CredentialServices, credentialsPath, requireTarget } from './target-account.ts';

const schema = z.strictObject({
  delegates: delegatesSchema,
  // gcloud writes bytes in the URL-safe alphabet, others in the usual one.
  payload: z
    .string()
    .regex(/^[\w+/-]*={0,2}$/, 'Base64 decoding failed')
    .default(''),
});

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signBlob */
export function signBlob(services: CredentialServices): RestMethod {
  return {
    name: 'google.iam.credentials.v1.IAMCredentials.SignBlob',
    verb: 'POST',
    path: `${credentialsPath}:signBlob`,
    async handle(call) {
      const { delegates, payload } = parseBody(schema, call.body);
      const permission = 'iam.serviceAccounts.signBlob';
      const account = requireTarget(services, call, { delegates, permission, action: 'SignBlob' });
      const { kid, privateKey } = await services.accountKeys.signingKey(account);
      const signature = sign('RSA-SHA256', Buffer.from(payload, 'base64'), privateKey);
      return { keyId: kid, signedBlob: signature.toString('base64') };
    },
  };
}

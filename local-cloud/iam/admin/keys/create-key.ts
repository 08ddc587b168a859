import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { ApiServices } from '../../../api-services.ts';
import { unimplemented } from '../../../network/api-error.ts';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import type { ServiceAccount } from '../../service-accounts.ts';
import { requireAccount } from '../service-accounts/find-account.ts';
import { type KeyServices, keysPath } from './find-key.ts';
import { keyJson } from './key-json.ts';

const schema = z.strictObject({
  privateKeyType: z
    .enum(['TYPE_UNSPECIFIED', 'TYPE_GOOGLE_CREDENTIALS_FILE', 'TYPE_PKCS12_FILE'])
    .optional(),
  keyAlgorithm: z.enum(['KEY_ALG_UNSPECIFIED', 'KEY_ALG_RSA_1024', 'KEY_ALG_RSA_2048']).optional(),
});

/** The answer is the only place where the private key is ever seen. */
export function createKey(services: KeyServices & Pick<ApiServices, 'notify'>): RestMethod {
  return {
    name: 'google.iam.admin.v1.CreateServiceAccountKey',
    verb: 'POST',
    path: keysPath,
    async handle(call) {
      const permission = 'iam.serviceAccountKeys.create';
      const account = requireAccount(services, call, permission, 'CreateServiceAccountKey');
      const { privateKeyType, keyAlgorithm } = parseBody(schema, call.body);
      if (privateKeyType === 'TYPE_PKCS12_FILE') throw unimplemented('keys in PKCS #12 files');
      if (keyAlgorithm === 'KEY_ALG_RSA_1024') throw unimplemented('keys of 1024 bits');
      const { key, privateKey } = await services.accountKeys.create(account);
      services.notify(
        `a key file of ${account.email} was made: whoever has it is that account, for ever. Impersonation (--impersonate-service-account) needs no file`,
      );
      return {
        ...keyJson(account, key),
        privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE',
        privateKeyData: Buffer.from(keyFile(account, key.kid, privateKey)).toString('base64'),
      };
    },
  };
}

/** What Google's libraries accept as credentials: https://google.aip.dev/auth/4112 */
function keyFile(account: ServiceAccount, kid: string, privateKey: KeyObject): string {
  const { project, email, uniqueId } = account;
  const certificates = 'https://www.googleapis.com/robot/v1/metadata/x509';
  const credentials = {
    type: 'service_account',
    project_id: project,
    private_key_id: kid,
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: email,
    client_id: uniqueId,
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
    client_x509_cert_url: `${certificates}/${encodeURIComponent(email)}`,
    universe_domain: 'googleapis.com',
  };
  return `${JSON.stringify(credentials, null, 2)}\n`;
}

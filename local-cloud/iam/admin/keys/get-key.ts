import { invalidArgument } from '../../../network/api-error.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import type { ServiceAccountKey } from '../../service-account-keys.ts';
import { type KeyServices, keyPath, requireKey } from './find-key.ts';
import { keyJson } from './key-json.ts';

export function getKey(services: KeyServices): RestMethod {
  return {
    name: 'google.iam.admin.v1.GetServiceAccountKey',
    verb: 'GET',
    path: keyPath,
    handle(call) {
      const permission = 'iam.serviceAccountKeys.get';
      const { account, key } = requireKey(services, call, permission, 'GetServiceAccountKey');
      const publicKey = publicKeyIn(call.query.get('publicKeyType') ?? 'TYPE_NONE', key);
      return {
        ...keyJson(account, key),
        ...(publicKey && { publicKeyData: Buffer.from(publicKey).toString('base64') }),
      };
    },
  };
}

/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts.keys/get#ServiceAccountPublicKeyType */
function publicKeyIn(form: string, key: ServiceAccountKey): string | Buffer | undefined {
  switch (form) {
    case 'TYPE_NONE':
      return undefined;
    case 'TYPE_X509_PEM_FILE':
      return key.certificatePem;
    case 'TYPE_RAW_PUBLIC_KEY':
      return key.publicKey.export({ type: 'spki', format: 'pem' });
    default:
      throw invalidArgument(`Invalid value at 'public_key_type': ${form}.`);
  }
}

import { invalidArgument } from '../../../network/api-error.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { requireAccount } from '../service-accounts/find-account.ts';
import { type KeyServices, keysPath } from './find-key.ts';
import { keyJson } from './key-json.ts';

const keyTypes = ['KEY_TYPE_UNSPECIFIED', 'USER_MANAGED', 'SYSTEM_MANAGED'];

export function listKeys(services: KeyServices): RestMethod {
  return {
    name: 'google.iam.admin.v1.ListServiceAccountKeys',
    verb: 'GET',
    path: keysPath,
    handle(call) {
      const permission = 'iam.serviceAccountKeys.list';
      const account = requireAccount(services, call, permission, 'ListServiceAccountKeys');
      const wanted = call.query.getAll('keyTypes');
      const unknown = wanted.find((type) => !keyTypes.includes(type));
      if (unknown !== undefined) throw invalidArgument(`Invalid value at 'key_types': ${unknown}.`);
      const keys = services.accountKeys
        .list(account)
        .filter(({ managedBy }) => wanted.length === 0 || wanted.includes(`${managedBy}_MANAGED`));
      return keys.length > 0 ? { keys: keys.map((key) => keyJson(account, key)) } : {};
    },
  };
}

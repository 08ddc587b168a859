import { ApiError } from '../../../network/api-error.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { type KeyServices, keyPath, requireKey } from './find-key.ts';

export function deleteKey(services: KeyServices): RestMethod {
  return {
    name: 'google.iam.admin.v1.DeleteServiceAccountKey',
    verb: 'DELETE',
    path: keyPath,
    handle(call) {
      const permission = 'iam.serviceAccountKeys.delete';
      const { account, key } = requireKey(services, call, permission, 'DeleteServiceAccountKey');
      if (key.managedBy === 'SYSTEM') {
        throw new ApiError('FAILED_PRECONDITION', 'A key that Google manages cannot be deleted.');
      }
      services.accountKeys.delete(account, key);
      return {};
    },
  };
}

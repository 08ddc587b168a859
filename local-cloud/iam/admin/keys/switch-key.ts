import { ApiError } from '../../../network/api-error.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { type KeyServices, keyPath, requireKey } from './find-key.ts';

/** `enable` and `disable`. To do it again changes nothing. */
export function switchKey(services: KeyServices): RestMethod[] {
  const method = (verb: 'enable' | 'disable', action: string): RestMethod => ({
    name: `google.iam.admin.v1.${action}`,
    verb: 'POST',
    path: `${keyPath}:${verb}`,
    handle(call) {
      const { key } = requireKey(services, call, `iam.serviceAccountKeys.${verb}`, action);
      if (key.managedBy === 'SYSTEM') {
        throw new ApiError('FAILED_PRECONDITION', `A key that Google manages cannot be ${verb}d.`);
      }
      key.disabled = verb === 'disable';
      return {};
    },
  });
  return [
    method('enable', 'EnableServiceAccountKey'),
    method('disable', 'DisableServiceAccountKey'),
  ];
}

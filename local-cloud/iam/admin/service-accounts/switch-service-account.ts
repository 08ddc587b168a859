import type { ApiServices } from '../../../api-services.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { accountPath, requireAccount } from './find-account.ts';

/** `enable` and `disable`. To do it again changes nothing. */
export function switchServiceAccount(
  services: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>,
): RestMethod[] {
  const method = (verb: 'enable' | 'disable', action: string): RestMethod => ({
    name: `google.iam.admin.v1.${action}`,
    verb: 'POST',
    path: `${accountPath}:${verb}`,
    handle(call) {
      const account = requireAccount(services, call, `iam.serviceAccounts.${verb}`, action);
      services.accounts.update(account, { disabled: verb === 'disable' });
      return {};
    },
  });
  return [method('enable', 'EnableServiceAccount'), method('disable', 'DisableServiceAccount')];
}

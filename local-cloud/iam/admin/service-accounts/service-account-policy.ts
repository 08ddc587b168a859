import type { ApiServices } from '../../../api-services.ts';
import { iamPolicyMethods } from '../../../rest/iam-policy.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { accountPath, existing, findAccount } from './find-account.ts';

/** Who may use, impersonate or administer a service account: the account as a resource. */
export function serviceAccountPolicy(
  services: Pick<ApiServices, 'accounts' | 'iam' | 'topology'>,
): RestMethod[] {
  const { iam } = services;
  return iamPolicyMethods(
    { access: iam, policies: iam.policies },
    {
      api: 'google.iam.admin.v1',
      path: accountPath,
      getVerb: 'POST',
      targetOf({ params }) {
        const named = findAccount(services, params);
        const requireExistence = () => void existing(named);
        return { resource: named.resource, permissions: 'iam.serviceAccounts', requireExistence };
      },
    },
  );
}

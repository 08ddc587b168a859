import type { ApiServices } from '../api-services.ts';
import { findAccount } from '../iam/admin/service-accounts/find-account.ts';
import { requireIamPermission } from '../iam/require-iam-permission.ts';
import type { ServiceAccount } from '../iam/service-accounts.ts';
import { ApiError, invalidArgument } from '../network/api-error.ts';
import type { RestCall } from '../rest/rest-api.ts';
import type { TokenHolder } from '../tokens/access-tokens.ts';

export const credentialsPath = '/v1/projects/{project}/serviceAccounts/{account}';

export type CredentialServices = Pick<
  ApiServices,
  'accounts' | 'accountKeys' | 'iam' | 'topology' | 'accessTokens' | 'idTokens' | 'clock'
>;

const delegatePattern = /^projects\/-\/serviceAccounts\/([^/]+)$/;
/** https://cloud.google.com/iam/docs/create-short-lived-credentials-delegated: each link lets the next one be used. */
const implicitDelegation = 'iam.serviceAccounts.implicitDelegation';

/**
 * The account that credentials are asked for, if the caller may have them: directly, or through a chain of
 * delegates, in which each one must be allowed to use the next.
 *
 * @throws {ApiError} PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND, FAILED_PRECONDITION, INVALID_ARGUMENT
 */
export function requireTarget(
  services: CredentialServices,
  { params, principal }: RestCall,
  { delegates, permission, action }: { delegates: string[]; permission: string; action: string },
): ServiceAccount {
  if (params.project !== '-') {
    throw invalidArgument(
      `Use - in place of the project ${params.project}: projects/-/serviceAccounts/${params.account}.`,
    );
  }
  let holder: TokenHolder = principal;
  for (const delegate of delegates) {
    const [, account] = delegatePattern.exec(delegate) ?? [];
    if (account === undefined) {
      throw invalidArgument(
        `Invalid delegate ${delegate}. Use projects/-/serviceAccounts/EMAIL_OR_UNIQUE_ID.`,
      );
    }
    const link = requireUsable(services, account, holder, implicitDelegation, action);
    holder = `serviceAccount:${link.email}`;
  }
  return requireUsable(services, params.account ?? '', holder, permission, action);
}

function requireUsable(
  { accounts, topology, iam }: CredentialServices,
  id: string,
  principal: TokenHolder,
  permission: string,
  action: string,
): ServiceAccount {
  const { resource, account } = findAccount({ accounts, topology }, { project: '-', account: id });
  requireIamPermission(iam, { principal, permission, resource }, action);
  if (!account || account.deletedAtMs !== undefined) {
    // [O] Google's words.
    throw new ApiError('NOT_FOUND', `Not found; Gaia id not found for email ${id}`);
  }
  if (account.disabled) {
    // [I] Google's answer for a disabled account.
    throw new ApiError('FAILED_PRECONDITION', `Service account ${account.email} is disabled.`);
  }
  return account;
}

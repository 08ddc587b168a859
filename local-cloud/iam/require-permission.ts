import { ApiError, errorInfo } from '../network/api-error.ts';
import { accountStateInvalid } from '../tokens/bearer-authentication.ts';
import type { AccessRequest, Authorizer } from './access.ts';

/**
 * Asks IAM before anything is looked up, so that who may not see a resource does not learn whether it
 * exists. The decision is recorded under `action`.
 *
 * @param words how the API says no; by default as most of Google's APIs do
 * @throws {ApiError} PERMISSION_DENIED; UNAUTHENTICATED if the account is disabled or deleted [O]
 */
export function requirePermission(
  access: Authorizer,
  request: AccessRequest,
  action: string,
  words = deniedInWords(request),
): void {
  const decision = access.authorize(request, action);
  if (decision.allowed) return;
  const { permission, resource, principal } = request;
  if (decision.closest?.kind === 'account') {
    const email = principal.slice(principal.indexOf(':') + 1);
    throw new ApiError(
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
      [errorInfo(accountStateInvalid, 'googleapis.com', { email })],
    );
  }
  throw new ApiError('PERMISSION_DENIED', words, [
    errorInfo('IAM_PERMISSION_DENIED', 'iam.googleapis.com', { permission, resource }),
  ]);
}

function deniedInWords({ permission, resource }: AccessRequest): string {
  return `Permission '${permission}' denied on resource '${resource}' (or it may not exist).`;
}

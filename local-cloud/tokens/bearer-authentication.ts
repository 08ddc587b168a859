import type { AccountStates } from '../iam/service-accounts.ts';
import { ApiError, errorInfo } from '../network/api-error.ts';
import type { AccessTokenDetails, TokenHolder } from './access-tokens.ts';
import { cloudPlatformScope } from './access-tokens.ts';

/** Which method of which API is called; for the refusal. */
export interface ApiCall {
  /** `pubsub.googleapis.com` */
  service: string;
  /** `google.pubsub.v1.Publisher.Publish` */
  method: string;
}

/**
 * Who calls, by the values of the `Authorization` header.
 *
 * @throws {ApiError} UNAUTHENTICATED whatever is wrong with the token, PERMISSION_DENIED if it was not
 *   made for this API
 */
export type Authenticate = (authorization: readonly string[], call: ApiCall) => TokenHolder;

/** One token of RFC 6750's characters: a list of several does not match. */
const bearerPattern = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
/** Of a JWT: three parts of base64url. */
const jwtPattern = /^[\w-]+\.[\w-]+\.[\w-]*$/;

const expected =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';

/** The scopes besides `cloud-platform` that open an API: https://developers.google.com/identity/protocols/oauth2/scopes */
const ownScopes: Readonly<Record<string, readonly string[]>> = {
  'pubsub.googleapis.com': ['https://www.googleapis.com/auth/pubsub'],
  'iam.googleapis.com': ['https://www.googleapis.com/auth/iam'],
  'iamcredentials.googleapis.com': ['https://www.googleapis.com/auth/iam'],
};

/**
 * Authenticates calls to Google's APIs by their access tokens. Whether the account may do anything (it
 * may be disabled) is IAM's to say; that the token is of an account which is gone is said here.
 */
export function bearerAuthentication(options: {
  tokens: { details(token: string, service: string): AccessTokenDetails | undefined };
  accounts: AccountStates;
  /** Told, in a sentence, why a token was refused: nobody knows whom to decide about. */
  notify: (sentence: string) => void;
}): Authenticate {
  const { tokens, accounts, notify } = options;
  return (authorization, call) => {
    const refuse = (why: string, reason: string, metadata: Record<string, string> = {}) => {
      notify(`refused ${lastPart(call.method)}: ${why}`);
      const info = errorInfo(reason, 'googleapis.com', { ...call, ...metadata });
      const problem =
        reason === 'CREDENTIALS_MISSING'
          ? 'Request is missing required authentication credential.'
          : 'Request had invalid authentication credentials.';
      return new ApiError('UNAUTHENTICATED', `${problem} ${expected}`, [info]);
    };
    if (authorization.length === 0) {
      throw refuse('it carries no access token', 'CREDENTIALS_MISSING');
    }
    const [header = ''] = authorization;
    const token = authorization.length === 1 ? bearerPattern.exec(header)?.[1] : undefined;
    const details = token === undefined ? undefined : tokens.details(token, call.service);
    if (!details) {
      throw jwtPattern.test(token ?? '')
        ? refuse(
            'it carries a JWT, an ID token or one that no key of a service account has signed for this API; Google’s APIs want an access token',
            'ACCESS_TOKEN_TYPE_UNSUPPORTED',
          )
        : refuse('its access token is unknown or has expired', 'ACCESS_TOKEN_EXPIRED');
    }
    const { principal, uniqueId, scopes } = details;
    if (uniqueId !== undefined && accounts.stateOf(principal, uniqueId) === 'deleted') {
      const email = principal.slice(principal.indexOf(':') + 1);
      throw refuse(`its access token is of ${principal}, which was deleted`, accountStateInvalid, {
        email,
      });
    }
    if (![cloudPlatformScope, ...(ownScopes[call.service] ?? [])].some((s) => scopes.includes(s))) {
      notify(`refused ${lastPart(call.method)}: the access token of ${principal} has other scopes`);
      throw new ApiError('PERMISSION_DENIED', 'Request had insufficient authentication scopes.', [
        errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'googleapis.com', { ...call }),
      ]);
    }
    return principal;
  };
}

/** Google's word for an account that is disabled or deleted [O]. */
export const accountStateInvalid = 'ACCOUNT_STATE_INVALID';

function lastPart(method: string): string {
  return method.slice(method.lastIndexOf('.') + 1);
}

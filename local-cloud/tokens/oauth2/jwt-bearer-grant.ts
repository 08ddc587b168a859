import { OAuthError, requireParameter } from './oauth-error.ts';
import type { OAuth2Services } from './oauth2-services.ts';
import { secondsLeft } from './seconds-left.ts';
import { verifyAssertion } from './verify-assertion.ts';

/**
 * Exchanges an assertion that a service account has signed (RFC 7523) for an access token of that account,
 * or with `target_audience` for an ID token:
 * https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests
 *
 * @throws {OAuthError}
 */
export async function jwtBearerGrant(
  parameters: URLSearchParams,
  services: Pick<
    OAuth2Services,
    'accounts' | 'accountKeys' | 'accessTokens' | 'idTokens' | 'clock'
  >,
): Promise<object> {
  const assertion = requireParameter(parameters, 'assertion');
  const { account, claims } = verifyAssertion(assertion, services);
  const { target_audience: audience, scope } = claims;
  if (isText(audience)) {
    const request = { audience, includeEmail: true, emailAsParty: true };
    return { id_token: await services.idTokens.forServiceAccount(account, request) };
  }
  if (!isText(scope)) {
    throw new OAuthError('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  }
  const { email, uniqueId } = account;
  const { token, expiresAtMs } = services.accessTokens.issue(`serviceAccount:${email}`, {
    scopes: scope.split(' '),
    uniqueId,
  });
  return {
    access_token: token,
    expires_in: secondsLeft(expiresAtMs, services.clock),
    token_type: 'Bearer',
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

import { cloudPlatformScope } from '../access-tokens.ts';
import { OAuthError, requireParameter } from './oauth-error.ts';
import type { OAuth2Services } from './oauth2-services.ts';
import { secondsLeft } from './seconds-left.ts';

/** What `gcloud auth login` asks for, as far as it matters here. */
export const gcloudScopes: readonly string[] = [
  'openid',
  'https://www.googleapis.com/auth/userinfo.email',
  cloudPlatformScope,
];

/**
 * Exchanges a person's refresh token for an access token and an ID token (RFC 6749, section 6), as gcloud
 * and the authorized_user credentials of all libraries do.
 *
 * @throws {OAuthError}
 */
export async function refreshGrant(
  parameters: URLSearchParams,
  {
    refreshTokens,
    accessTokens,
    idTokens,
    clock,
  }: Pick<OAuth2Services, 'refreshTokens' | 'accessTokens' | 'idTokens' | 'clock'>,
): Promise<object> {
  const account = refreshTokens.accountOf(requireParameter(parameters, 'refresh_token'));
  if (!account) throw new OAuthError('invalid_grant', 'Bad Request');
  const scopes = parameters.get('scope')?.split(' ') ?? gcloudScopes;
  const { token, expiresAtMs } = accessTokens.issue(`user:${account.email}`, { scopes });
  return {
    access_token: token,
    expires_in: secondsLeft(expiresAtMs, clock),
    scope: scopes.join(' '),
    token_type: 'Bearer',
    id_token: await idTokens.forUser(account, token),
  };
}

import { OAuthError, requireParameter } from './oauth-error.ts';
import type { OAuth2Services } from './oauth2-services.ts';

/**
 * Ends an access token or a refresh token of a person. Those of service accounts cannot be revoked:
 * https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
 *
 * @throws {OAuthError}
 */
export function revoke(
  parameters: URLSearchParams,
  { accessTokens, refreshTokens }: Pick<OAuth2Services, 'accessTokens' | 'refreshTokens'>,
): object {
  const token = requireParameter(parameters, 'token');
  if (accessTokens.details(token)?.principal.startsWith('serviceAccount:')) {
    // [I] RFC 7009, section 2.2.1.
    throw new OAuthError(
      'unsupported_token_type',
      'Tokens of service accounts cannot be revoked: disable or delete the account.',
    );
  }
  if (accessTokens.revoke(token) || refreshTokens.revoke(token)) return {};
  throw new OAuthError('invalid_token', 'Token expired or revoked');
}

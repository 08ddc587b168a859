import type { JWTPayload } from 'jose';
import type { ServiceAccount } from '../../iam/service-accounts.ts';
import { type AccountJwtServices, verifyAccountJwt } from '../account-jwt.ts';
import { OAuthError } from './oauth-error.ts';

const audience = 'https://oauth2.googleapis.com/token';

/** The descriptions that Google gives: [O], that of a disabled account [I]. */
const texts = {
  malformed: 'Invalid JWT.',
  unknownAccount: 'Invalid grant: account not found',
  disabledAccount: 'Invalid grant: account disabled',
  signature: 'Invalid JWT Signature.',
  audience: `Invalid JWT: Failed audience check. The right audience is ${audience}`,
  times:
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
  otherSubject:
    'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
} as const;

/**
 * Checks what a service account says of itself to get a token.
 *
 * @throws {OAuthError}
 */
export function verifyAssertion(
  assertion: string,
  services: AccountJwtServices,
): { account: ServiceAccount; claims: JWTPayload } {
  const verified = verifyAccountJwt(assertion, services);
  if ('fault' in verified) throw new OAuthError('invalid_grant', texts[verified.fault]);
  const { claims } = verified;
  if (claims.aud !== audience) throw new OAuthError('invalid_grant', texts.audience);
  if (claims.sub !== undefined && claims.sub !== claims.iss) {
    // Delegation over a Google Workspace domain: there is none here.
    throw new OAuthError('unauthorized_client', texts.otherSubject, 401);
  }
  return verified;
}

import { type AccessTokenDetails, cloudPlatformScope } from './access-tokens.ts';
import { type AccountJwtServices, verifyAccountJwt } from './account-jwt.ts';

/**
 * What a JWT says that a service account has signed itself and sends in place of an access token, as the
 * client libraries do with a key file: https://google.aip.dev/auth/4111. It is for one API, or has scopes
 * and no audience: what was signed for somebody else must not be good here.
 *
 * @param service the API that is called, `pubsub.googleapis.com`
 */
export function selfSignedJwtDetails(
  token: string,
  service: string,
  services: AccountJwtServices,
): AccessTokenDetails | undefined {
  const verified = verifyAccountJwt(token, services);
  if ('fault' in verified) return undefined;
  const { account, claims } = verified;
  const scopes = scopesOf(claims, service);
  if (claims.sub !== claims.iss || scopes === undefined) return undefined;
  return {
    principal: `serviceAccount:${account.email}`,
    uniqueId: account.uniqueId,
    scopes,
    expiresAtMs: Number(claims.exp) * 1000,
  };
}

function scopesOf(
  { aud, scope }: { aud?: string | string[]; scope?: unknown },
  service: string,
): readonly string[] | undefined {
  if (aud === undefined) {
    return typeof scope === 'string' && scope !== '' ? scope.split(' ') : undefined;
  }
  return aud === `https://${service}/` ? [cloudPlatformScope] : undefined;
}

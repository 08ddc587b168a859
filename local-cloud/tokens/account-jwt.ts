import { verify } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { Clock } from '../clock.ts';
import type { ServiceAccountKeys } from '../iam/service-account-keys.ts';
import type { ServiceAccount, ServiceAccounts } from '../iam/service-accounts.ts';

const longestLifeSeconds = 3600;
/** [I] How far the client's clock may be ahead of Google's. */
const acceptedSkewSeconds = 300;

export type AccountJwtFault =
  | 'malformed'
  | 'unknownAccount'
  | 'disabledAccount'
  | 'signature'
  | 'times';

export interface AccountJwtServices {
  accounts: Pick<ServiceAccounts, 'current'>;
  accountKeys: ServiceAccountKeys;
  clock: Clock;
}

/**
 * Checks a JWT that a service account has made and signed with one of its keys: who, with which key, and
 * when. For whom is left to the caller. Never throws, and does not wait: whoever calls an API is told at
 * once.
 */
export function verifyAccountJwt(
  jwt: string,
  { accounts, accountKeys, clock }: AccountJwtServices,
): { account: ServiceAccount; claims: JWTPayload } | { fault: AccountJwtFault } {
  const content = read(jwt);
  if (!content) return { fault: 'malformed' };
  const { kid, claims } = content;
  const account = typeof claims.iss === 'string' ? accounts.current(claims.iss) : undefined;
  if (!account) return { fault: 'unknownAccount' };
  if (account.disabled) return { fault: 'disabledAccount' };
  const keys = accountKeys
    .list(account)
    .filter((key) => !key.disabled && (kid === undefined || kid === key.kid));
  if (!keys.some(({ publicKey }) => isSignedWith(publicKey, jwt))) return { fault: 'signature' };
  if (!isTimely(claims, Math.floor(clock.now() / 1000))) return { fault: 'times' };
  return { account, claims };
}

function read(jwt: string): { kid: string | undefined; claims: JWTPayload } | undefined {
  try {
    const { alg, kid } = decodeProtectedHeader(jwt);
    return alg === 'RS256' ? { kid, claims: decodeJwt(jwt) } : undefined;
  } catch {
    return undefined;
  }
}

function isSignedWith(publicKey: Parameters<typeof verify>[2], jwt: string): boolean {
  const end = jwt.lastIndexOf('.');
  const signature = Buffer.from(jwt.slice(end + 1), 'base64url');
  return verify('RSA-SHA256', Buffer.from(jwt.slice(0, end)), publicKey, signature);
}

function isTimely({ iat, exp }: JWTPayload, nowSeconds: number): boolean {
  if (!Number.isSafeInteger(iat) || !Number.isSafeInteger(exp)) return false;
  const [issued, expires] = [Number(iat), Number(exp)];
  if (issued > nowSeconds + acceptedSkewSeconds || expires <= nowSeconds) return false;
  return expires > issued && expires - issued <= longestLifeSeconds;
}

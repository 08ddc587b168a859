import { compactVerify } from 'jose';
import type { Clock } from '../clock.ts';
import { googleIssuer } from './id-tokens.ts';
import type { SigningKeys } from './signing-keys.ts';

/** The claims of a Google-signed ID token; others may be there too. */
export interface IdTokenClaims {
  iss: string;
  aud: string;
  azp?: string;
  sub: string;
  email?: string;
  email_verified?: boolean;
  /** Seconds since the epoch. */
  iat: number;
  exp: number;
}

export type IdTokenFault =
  /** No JWT in compact form, signed with RS256. */
  | 'malformed'
  /** Not signed by a key that Google signs with, or altered since. */
  | 'bad-signature'
  | 'wrong-issuer'
  /** A claim that each of Google's tokens has is not there, or of a wrong type. */
  | 'missing-claims'
  | 'not-yet-valid'
  | 'expired';

export type IdTokenVerdict =
  | { ok: true; claims: IdTokenClaims }
  | { ok: false; reason: IdTokenFault };

/** [I] How far the clocks of issuer and front door may be apart. Here it is the same clock. */
const acceptedSkewSeconds = 0;
/** Nothing Google signs comes near; parsing more is wasted work. */
const longestToken = 16 * 1024;
const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Checks an ID token as Google's front end does before it asks for the audience: form, signature, issuer,
 * claims, times. The audience is left to the caller, who knows which service was called. Never throws.
 */
export async function verifyIdToken(
  token: string,
  { keys, clock }: { keys: SigningKeys; clock: Clock },
): Promise<IdTokenVerdict> {
  const header = readHeader(token);
  if (header === undefined) return { ok: false, reason: 'malformed' };
  const payload = await readSignedPayload(token, header.kid, keys);
  if (payload === undefined) return { ok: false, reason: 'bad-signature' };
  const claims = parseObject(payload);
  if (claims === undefined) return { ok: false, reason: 'malformed' };
  const reason = faultIn(claims, Math.floor(clock.now() / 1000));
  if (reason) return { ok: false, reason };
  // What faultIn has looked at, claim by claim.
  return { ok: true, claims: claims as unknown as IdTokenClaims };
}

function readHeader(token: string): { kid: string } | undefined {
  if (token.length > longestToken || !compactForm.test(token)) return undefined;
  const parts = token.split('.');
  if (!parts.every(isCanonicalBase64Url)) return undefined;
  const header = parseObject(Buffer.from(parts[0] ?? '', 'base64url'));
  if (header?.alg !== 'RS256' || (header.typ !== undefined && header.typ !== 'JWT')) {
    return undefined;
  }
  return typeof header.kid === 'string' && header.kid !== '' ? { kid: header.kid } : undefined;
}

async function readSignedPayload(
  token: string,
  kid: string,
  keys: SigningKeys,
): Promise<Uint8Array | undefined> {
  const key = keys.find(kid);
  if (!key) return undefined;
  try {
    const { payload } = await compactVerify(token, key.publicKey, { algorithms: ['RS256'] });
    return payload;
  } catch {
    return undefined;
  }
}

function faultIn(claims: Record<string, unknown>, nowSeconds: number): IdTokenFault | undefined {
  const { iss, aud, sub, email, email_verified: verified = false, iat, exp, nbf = iat } = claims;
  if (iss === undefined) return 'missing-claims';
  if (iss !== googleIssuer) return 'wrong-issuer';
  if (!isText(aud) || !isText(sub)) return 'missing-claims';
  if (email !== undefined && !isText(email)) return 'missing-claims';
  if (typeof verified !== 'boolean') return 'missing-claims';
  if (!isTime(iat) || !isTime(exp) || !isTime(nbf)) return 'missing-claims';
  if (Math.max(iat, nbf) > nowSeconds + acceptedSkewSeconds) return 'not-yet-valid';
  return exp + acceptedSkewSeconds <= nowSeconds ? 'expired' : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTime = (value: unknown): value is number => Number.isSafeInteger(value);

/** Buffer skips over characters and bits that do not belong there: only one spelling is accepted. */
function isCanonicalBase64Url(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function parseObject(json: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

import { type KeyObject, verify } from 'node:crypto';
import type { GoogleCertificates } from './google-certificates.ts';
import { tokenRefused } from './identity-error.ts';
import { tokenChecks } from './token-checks.ts';
import { decodeUnverifiedJwt } from './unverified-jwt.ts';

/** What a verified Google-signed ID token says. Who that may call is not decided here. */
export interface VerifiedIdToken {
  /** Google's stable, unique id of the account. */
  subject: string;
  /** Absent from tokens fetched with `format=standard`. */
  email: string | undefined;
  /** True only if Google vouches for the address. */
  emailVerified: boolean;
  audience: string;
  issuer: string;
  expiresAt: Date;
}

export interface IdTokenVerifier {
  /**
   * Verifies a Google-signed ID token completely.
   *
   * @throws {IdentityError} 401 with the check that failed; 503 `certificates_unavailable` when
   *   Google's certificates are needed and cannot be had. No message holds any part of the token.
   */
  verify(token: string): Promise<VerifiedIdToken>;
}

/**
 * Verifies ID tokens for the given audiences: first the form and every check of `token-checks.ts`,
 * then the signature, with Google's published certificates. Results are not remembered: a verification
 * costs microseconds, a cache of verdicts is a place for holes.
 *
 * @throws {RangeError} without an audience; a token must never be accepted whoever it is for.
 */
export function createIdTokenVerifier(options: {
  audiences: readonly string[];
  certificates: Pick<GoogleCertificates, 'forKey'>;
  /** Milliseconds since the epoch. */
  now?: () => number;
}): IdTokenVerifier {
  const { certificates, now = Date.now } = options;
  const audiences = new Set(options.audiences);
  if (audiences.size === 0 || audiences.has('')) {
    throw new RangeError(
      'an ID token verifier needs at least one audience, and none of them empty',
    );
  }

  return {
    async verify(token) {
      const jwt = decodeUnverifiedJwt(token);
      if (!jwt) {
        throw tokenRefused('token_malformed', 'The credentials are not a JSON Web Token.');
      }
      const rules = { audiences, now: Math.floor(now() / 1_000) };
      for (const { code, message, passes } of tokenChecks) {
        if (passes(jwt, rules)) continue;
        throw tokenRefused(code, typeof message === 'string' ? message : message(rules));
      }
      const keyId = String(jwt.header.kid);
      const trusted = await certificates.forKey(keyId);
      const key = Object.hasOwn(trusted, keyId) ? trusted[keyId] : undefined;
      if (key === undefined || !isSigned(token, key)) {
        throw tokenRefused('token_signature', "The token's signature is not one of Google's.");
      }
      const { sub, email, email_verified, aud, iss, exp } = jwt.claims;
      return {
        subject: String(sub),
        email: typeof email === 'string' ? email : undefined,
        emailVerified: email_verified === true,
        audience: String(aud),
        issuer: String(iss),
        expiresAt: new Date(Number(exp) * 1_000),
      };
    },
  };
}

/**
 * Whether the key made the token's signature with RS256: RSASSA-PKCS1-v1_5 with SHA-256 over the first two parts
 * as they were sent (RFC 7518 section 3.3, RFC 7515 section 5.2). The algorithm stands here and is not taken
 * from the token.
 */
function isSigned(token: string, key: KeyObject): boolean {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  return verify('RSA-SHA256', Buffer.from(token.slice(0, end)), key, signature);
}

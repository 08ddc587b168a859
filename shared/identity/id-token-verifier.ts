import type { Certificates, OAuth2Client } from 'google-auth-library';
import type { GoogleCertificates, KeysById } from './google-certificates.ts';
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
 * then the signature, by google-auth-library, with Google's published certificates. Results are not
 * remembered: a verification costs microseconds, a cache of verdicts is a place for holes.
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
  // Loaded for the first token that passes the checks: the port listens sooner.
  let library: Promise<OAuth2Client> | undefined;

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
      const trusted = await certificates.forKey(String(jwt.header.kid));
      library ??= import('google-auth-library').then(({ OAuth2Client }) => new OAuth2Client());
      if (!(await isSigned(await library, token, trusted))) {
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

/** Whether one of the keys verifies the token. What the library throws quotes the token: it stops here. */
async function isSigned(library: OAuth2Client, token: string, keys: KeysById): Promise<boolean> {
  try {
    // Its types ask for PEM, but it hands them to node:crypto, which would parse the PEM for every token:
    // as much work as the signature itself.
    await library.verifySignedJwtWithCertsAsync(token, keys as unknown as Certificates);
    return true;
  } catch {
    return false;
  }
}

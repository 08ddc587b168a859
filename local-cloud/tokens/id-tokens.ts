import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Clock } from '../clock.ts';
import type { Account } from './account.ts';
import type { SigningKeys } from './signing-keys.ts';

/** The `iss` of every ID token of Google. */
export const googleIssuer = 'https://accounts.google.com';

/** gcloud's OAuth client: the audience of the ID tokens that it fetches for people. */
export const gcloudClientId = '32555940559.apps.googleusercontent.com';

/** Google's lifetime of an ID token. */
const defaultLifetimeSeconds = 3600;

export interface ServiceAccountTokenRequest {
  audience: string;
  /** Whether the token names the account, as with `format=full`; otherwise only its number is in it. */
  includeEmail: boolean;
  /** Whether `azp` is the e-mail address too, and not the number. */
  emailAsParty?: boolean;
  /** How long ago it was issued; default 0, now. */
  ageSeconds?: number;
}

/** Mints ID tokens as Google does, signed with the current key. */
export class IdTokens {
  readonly #keys: SigningKeys;
  readonly #clock: Clock;
  #lifetimeSeconds = defaultLifetimeSeconds;

  constructor({ keys, clock }: { keys: SigningKeys; clock: Clock }) {
    this.#keys = keys;
    this.#clock = clock;
  }

  /** How long the tokens minted from now on are valid. */
  get lifetimeSeconds(): number {
    return this.#lifetimeSeconds;
  }

  /** @throws RangeError unless it is a whole number of seconds, at least 1. */
  set lifetimeSeconds(seconds: number) {
    if (!Number.isSafeInteger(seconds) || seconds < 1) {
      throw new RangeError(`not a lifetime in whole seconds: ${seconds}`);
    }
    this.#lifetimeSeconds = seconds;
  }

  /** For a service account: https://cloud.google.com/docs/authentication/token-types#id */
  forServiceAccount(
    { email, uniqueId }: Account,
    request: ServiceAccountTokenRequest,
  ): Promise<string> {
    const { audience, includeEmail, emailAsParty = false, ageSeconds = 0 } = request;
    const claims = {
      aud: audience,
      azp: emailAsParty ? email : uniqueId,
      ...(includeEmail && { email, email_verified: true }),
      sub: uniqueId,
    };
    return this.#sign(claims, ageSeconds);
  }

  /** For a person who is signed in to gcloud; bound to the access token that comes with it, if any. */
  forUser({ email, uniqueId }: Account, accessToken?: string): Promise<string> {
    return this.#sign({
      aud: gcloudClientId,
      azp: gcloudClientId,
      ...(accessToken !== undefined && { at_hash: accessTokenHash(accessToken) }),
      email,
      email_verified: true,
      sub: uniqueId,
    });
  }

  #sign(claims: Record<string, string | boolean>, ageSeconds = 0): Promise<string> {
    const { kid, privateKey } = this.#keys.current;
    const issuedAt = Math.floor(this.#clock.now() / 1000) - ageSeconds;
    return new SignJWT({ ...claims, iss: googleIssuer })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + this.#lifetimeSeconds)
      .sign(privateKey);
  }
}

/** OpenID Connect Core, section 3.1.3.6. */
function accessTokenHash(accessToken: string): string {
  const digest = createHash('sha256').update(accessToken).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Principal } from '../iam/access.ts';

/** Someone who can hold a token. */
export type TokenHolder = Exclude<Principal, 'anonymous'>;

export interface AccessTokenDetails {
  principal: TokenHolder;
  /** Of a service account: a later one with the same name is another account. */
  uniqueId?: string | undefined;
  scopes: readonly string[];
  expiresAtMs: number;
}

export const cloudPlatformScope = 'https://www.googleapis.com/auth/cloud-platform';

/** Google's: one hour, of which clients are told the last full second. */
const defaultLifetimeSeconds = 3600;
/** Expired tokens are looked for whenever this many have come together, and then at each doubling. */
const firstSweepAt = 1_000;
/** Beyond this the oldest ones go, valid or not, so that memory stays bounded. */
const keptTokens = 100_000;

/** The opaque OAuth 2.0 access tokens of the local cloud, each bound to one principal. */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #tokens = new Map<string, AccessTokenDetails>();
  #sweepAt = firstSweepAt;
  /** How long tokens are valid that are issued from now on, unless it is said for one. */
  lifetimeSeconds = defaultLifetimeSeconds;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(
    principal: TokenHolder,
    options: { scopes?: readonly string[]; lifetimeSeconds?: number; uniqueId?: string } = {},
  ): { token: string; expiresAtMs: number } {
    const {
      scopes = [cloudPlatformScope],
      lifetimeSeconds = this.lifetimeSeconds,
      uniqueId,
    } = options;
    this.#makeRoom();
    const token = `ya29.${randomBytes(96).toString('base64url')}`;
    const expiresAtMs = this.#clock.now() + lifetimeSeconds * 1000;
    this.#tokens.set(token, { principal, uniqueId, scopes, expiresAtMs });
    return { token, expiresAtMs };
  }

  /** Everything about a token that is still valid. */
  details(token: string): AccessTokenDetails | undefined {
    const details = this.#tokens.get(token);
    if (!details || details.expiresAtMs > this.#clock.now()) return details;
    this.#tokens.delete(token);
    return undefined;
  }

  /** Ends a token before its time; `false` if it is unknown or has expired. */
  revoke(token: string): boolean {
    return this.details(token) !== undefined && this.#tokens.delete(token);
  }

  #makeRoom(): void {
    if (this.#tokens.size >= this.#sweepAt) {
      for (const token of this.#tokens.keys()) this.details(token);
      this.#sweepAt = Math.max(firstSweepAt, this.#tokens.size * 2);
    }
    if (this.#tokens.size >= keptTokens) {
      const [oldest] = this.#tokens.keys();
      if (oldest !== undefined) this.#tokens.delete(oldest);
    }
  }
}

import type { Clock } from '../clock.ts';
import type { ServiceAccount, ServiceAccounts } from '../iam/service-accounts.ts';
import type { AccessTokens } from '../tokens/access-tokens.ts';
import type { IdTokens } from '../tokens/id-tokens.ts';
import type { SigningKeys } from '../tokens/signing-keys.ts';
import { verifyIdToken } from '../tokens/verify-id-token.ts';

export interface ServiceAccountTokensOptions {
  /** Of the account; which one has this address may change. */
  email: string;
  accounts: Pick<ServiceAccounts, 'current'>;
  accessTokens: AccessTokens;
  idTokens: IdTokens;
  keys: SigningKeys;
  clock: Clock;
}

/**
 * The metadata server hands out the same token again until this much of its life is left:
 * https://cloud.google.com/compute/docs/access/authenticate-workloads#applications
 */
const refreshMarginMs = 5 * 60_000;
/** Audiences and scopes come from the client: this many of each are remembered. */
const keptTokens = 100;
/** What a cache that is never renewed goes on saying of a token that has ended. */
const staleLifeSeconds = 3_599;

/** The tokens of the account with one address, cached as the metadata server caches them. */
export class ServiceAccountTokens {
  readonly #options: ServiceAccountTokensOptions;
  readonly #accessTokens = new Map<string, { token: string; expiresAtMs: number }>();
  readonly #idTokens = new Map<string, { token: string; expiresAtMs: number }>();

  constructor(options: ServiceAccountTokensOptions) {
    this.#options = options;
  }

  /**
   * The account, if it can have tokens. [I] A service is bound to an address: if the account is deleted
   * and another one made, the service is that one.
   */
  account(): ServiceAccount | undefined {
    const account = this.#options.accounts.current(this.#options.email);
    return account?.disabled ? undefined : account;
  }

  /** An access token, and for how many more seconds it is valid. */
  accessToken(
    { email, uniqueId }: ServiceAccount,
    scopes: readonly string[],
  ): { token: string; expiresInSeconds: number } {
    const { accessTokens, clock } = this.#options;
    const cacheKey = [uniqueId, ...[...scopes].sort()].join(' ');
    let issued = this.#accessTokens.get(cacheKey);
    if (!issued || !this.#isFresh(issued)) {
      issued = accessTokens.issue(`serviceAccount:${email}`, { scopes, uniqueId });
      remember(this.#accessTokens, cacheKey, issued);
    }
    const expiresInSeconds = Math.floor((issued.expiresAtMs - clock.now()) / 1000);
    return { token: issued.token, expiresInSeconds };
  }

  /** An ID token for an audience. */
  async idToken(account: ServiceAccount, audience: string, includeEmail: boolean): Promise<string> {
    const { idTokens, keys, clock } = this.#options;
    const { lifetimeSeconds } = idTokens;
    const cacheKey = JSON.stringify([account.uniqueId, audience, includeEmail, lifetimeSeconds]);
    const cached = this.#idTokens.get(cacheKey);
    // Its key may have been withdrawn: nobody would be helped with such a token for an hour.
    if (
      cached &&
      this.#isFresh(cached) &&
      (await verifyIdToken(cached.token, { keys, clock })).ok
    ) {
      return cached.token;
    }
    const expiresAtMs = clock.now() + idTokens.lifetimeSeconds * 1000;
    const token = await idTokens.forServiceAccount(account, { audience, includeEmail });
    remember(this.#idTokens, cacheKey, { token, expiresAtMs });
    return token;
  }

  /** An access token whose time is over, with the time that it had once. */
  expiredAccessToken(
    { email, uniqueId }: ServiceAccount,
    scopes: readonly string[],
  ): { token: string; expiresInSeconds: number } {
    const principal = `serviceAccount:${email}` as const;
    const options = { scopes, uniqueId, lifetimeSeconds: 0 };
    const { token } = this.#options.accessTokens.issue(principal, options);
    return { token, expiresInSeconds: staleLifeSeconds };
  }

  /** An ID token whose time is over. */
  expiredIdToken(
    account: ServiceAccount,
    audience: string,
    includeEmail: boolean,
  ): Promise<string> {
    const { idTokens } = this.#options;
    const ageSeconds = 2 * idTokens.lifetimeSeconds;
    return idTokens.forServiceAccount(account, { audience, includeEmail, ageSeconds });
  }

  #isFresh({ expiresAtMs }: { expiresAtMs: number }): boolean {
    return expiresAtMs - this.#options.clock.now() > refreshMarginMs;
  }
}

function remember<T>(cache: Map<string, T>, key: string, value: T): void {
  cache.delete(key);
  cache.set(key, value);
  const [oldest] = cache.keys();
  if (cache.size > keptTokens && oldest !== undefined) cache.delete(oldest);
}

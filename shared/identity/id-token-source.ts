import type { Compute } from 'google-auth-library';
import { withDeadline } from './deadline.ts';
import { dependencyDown } from './identity-error.ts';
import { decodeUnverifiedJwt } from './unverified-jwt.ts';

/**
 * Fetches a new ID token of the account that this service runs as.
 * https://cloud.google.com/run/docs/authenticating/service-to-service
 */
export type FetchIdToken = (audience: string) => Promise<string>;

/** The library waits for the metadata server without any limit when it runs on Cloud Run. */
const fetchDeadlineMs = 2_500;
/**
 * A token this close to its end is not sent any more, as it must still be valid on arrival; of one that
 * lives shorter than minutes, the last fifth.
 */
const margin = { ms: 30_000, part: 0.2 };
/** Refreshing starts when this part of the lifetime is over, while the token still serves. */
const refreshAfter = 0.75;
/** The metadata server has a cache of its own and may give the same token again: do not press it. */
const pauseBetweenRefreshesMs = 30_000;
/** After a failed fetch nobody asks again for this long. */
const pauseAfterFailureMs = 1_000;

interface CurrentToken {
  value: string;
  /** Milliseconds since the epoch. */
  refreshAt: number;
  useUntil: number;
}

/**
 * ID tokens for one audience: one fetch at a time however many requests wait for it, refreshed in
 * the background long before the current one ends. An outage of the metadata server is only felt
 * when the current token has ended too.
 */
export class IdTokenSource {
  readonly #audience: string;
  readonly #fetchIdToken: FetchIdToken;
  readonly #now: () => number;
  #current: CurrentToken | undefined;
  #inFlight: Promise<CurrentToken> | undefined;
  #failure: { error: Error; at: number } | undefined;

  constructor(options: {
    /** The URL or custom audience of the service that will be called. */
    audience: string;
    fetchIdToken?: FetchIdToken;
    /** Milliseconds since the epoch. */
    now?: () => number;
  }) {
    this.#audience = options.audience;
    this.#now = options.now ?? Date.now;
    this.#fetchIdToken = options.fetchIdToken ?? fromMetadataServer();
  }

  /**
   * A token that is valid for at least another half minute, or a fifth of a shorter life.
   *
   * @throws {IdentityError} `id_token_unavailable` (503), at the latest after 2.5 seconds.
   */
  async token(): Promise<string> {
    const now = this.#now();
    const current = this.#current;
    if (!current || now >= current.useUntil) return (await this.#refresh()).value;
    if (now >= current.refreshAt) {
      current.refreshAt = now + pauseBetweenRefreshesMs;
      // Nobody waits for it: the current token serves, and a failure shows when that has ended.
      void this.#refresh().catch(() => undefined);
    }
    return current.value;
  }

  /**
   * Forgets a token that the other side refused, so that the next call fetches a new one. Does
   * nothing if it was replaced meanwhile: a hundred refusals at once cost one fetch.
   */
  discard(token: string): void {
    if (this.#current?.value === token) this.#current = undefined;
  }

  #refresh(): Promise<CurrentToken> {
    const failure = this.#failure;
    if (!this.#inFlight && failure && this.#now() - failure.at < pauseAfterFailureMs) {
      return Promise.reject(failure.error);
    }
    this.#inFlight ??= this.#fetchToken().finally(() => {
      this.#inFlight = undefined;
    });
    return this.#inFlight;
  }

  async #fetchToken(): Promise<CurrentToken> {
    try {
      const value = await withDeadline(
        this.#fetchIdToken(this.#audience),
        fetchDeadlineMs,
        () => new Error(`the metadata server did not answer within ${fetchDeadlineMs} ms`),
      );
      this.#current = this.#accept(value);
      this.#failure = undefined;
      return this.#current;
    } catch (cause) {
      const message = 'The metadata server gives no ID token at the moment. Try again.';
      this.#failure = {
        error: dependencyDown('id_token_unavailable', message, cause),
        at: this.#now(),
      };
      throw this.#failure.error;
    }
  }

  /** The library hands on whatever was answered with 200, were it an HTML page. */
  #accept(answer: unknown): CurrentToken {
    const value = String(answer).trim();
    const claims = decodeUnverifiedJwt(value)?.claims;
    if (!claims) throw new Error('what the metadata server answered is not a JWT');
    if (claims.aud !== this.#audience) throw new Error('the ID token is for another audience');
    const now = this.#now();
    const left = Number(claims.exp) * 1_000 - now;
    if (!(left > 0)) throw new Error('the ID token has expired already');
    return {
      value,
      refreshAt: now + left * refreshAfter,
      useUntil: now + left - Math.min(margin.ms, left * margin.part),
    };
  }
}

/** By google-auth-library, which is loaded for the first token and not before: the port listens sooner. */
function fromMetadataServer(): FetchIdToken {
  let metadataServer: Promise<Compute> | undefined;
  return async (audience) => {
    metadataServer ??= import('google-auth-library').then(({ Compute }) => new Compute());
    return (await metadataServer).fetchIdToken(audience);
  };
}

/**
 * Keeps retries at a fifth of the requests: when everything fails, trying everything three times
 * would only make it worse. A reserve lets a service with little traffic retry at all.
 * https://sre.google/sre-book/handling-overload/#deciding-to-retry
 */
export class RetryBudget {
  readonly #ratio: number;
  readonly #most: number;
  #tokens: number;

  constructor(options: { ratio?: number; reserve?: number } = {}) {
    this.#ratio = options.ratio ?? 0.2;
    this.#most = options.reserve ?? 10;
    this.#tokens = this.#most;
  }

  /** Counts a first try. */
  request(): void {
    this.#tokens = Math.min(this.#most, this.#tokens + this.#ratio);
  }

  /** Whether one more retry may be made; counts it if so. */
  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

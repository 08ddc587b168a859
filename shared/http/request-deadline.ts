import type { Request } from 'express';

/**
 * Carries the time that is left for a request, in milliseconds, from the caller to the receiver, so
 * that the layers' own deadlines do not add up. A duration, not a time of day: clocks may differ.
 */
export const remainingTimeHeader = 'x-remaining-time-ms';

/** A point in time, on the monotonic clock, by which a request must be answered. */
export class Deadline {
  readonly #at: number;

  private constructor(at: number) {
    this.#at = at;
  }

  /** `milliseconds` from now. */
  static after(milliseconds: number): Deadline {
    return new Deadline(performance.now() + milliseconds);
  }

  /** As the request asks, but never later than `milliseconds` from now. */
  static of(request: Pick<Request, 'headers'>, milliseconds: number): Deadline {
    const asked = /^\d{1,7}$/.exec(String(request.headers[remainingTimeHeader]))?.[0];
    return Deadline.after(Math.min(milliseconds, Number(asked ?? milliseconds)));
  }

  /** Milliseconds left, a whole number, never negative. */
  remaining(): number {
    return Math.max(0, Math.floor(this.#at - performance.now()));
  }
}

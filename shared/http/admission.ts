import type { Request, RequestHandler, Response } from 'express';
import { Problem } from './problem.ts';

/**
 * Bounds how many requests are worked on at a time. Without a bound an outage behind this service
 * fills its memory with requests that wait, and none of them is answered in time.
 * https://sre.google/sre-book/addressing-cascading-failures/#xref_cascading-failure_queue-management
 *
 * Counted is the work, from the complete body to its result: a client that is slow to send takes no
 * place, and one that goes away does not free the place of work that still goes on.
 */
export class Admission {
  readonly #most: number;
  #inFlight = 0;

  /** @throws {RangeError} for a bound that is no positive whole number: it would refuse everything. */
  constructor(most: number) {
    if (!Number.isSafeInteger(most) || most < 1) {
      throw new RangeError('the bound of requests in flight must be a positive whole number');
    }
    this.#most = most;
  }

  /** Whether the next request would be refused. */
  get full(): boolean {
    return this.#inFlight >= this.#most;
  }

  /**
   * The handler of a route, bounded together with all the others of this instance. Beyond the bound a
   * request fails at once with `overloaded` (503, `Retry-After`). Belongs behind authentication:
   * strangers take no place, and a bad token is never answered with an outage.
   */
  bounded(handler: (request: Request, response: Response) => Promise<void>): RequestHandler {
    return async (request, response) => {
      if (this.full) {
        throw new Problem('overloaded', 'Too many requests are under way here. Try again.', {
          headers: { 'Retry-After': '1' },
        });
      }
      this.#inFlight += 1;
      try {
        await handler(request, response);
      } finally {
        this.#inFlight -= 1;
      }
    };
  }
}

import type { EventEmitter } from 'node:events';
import type { Clock } from '../clock.ts';

/** The requests that a fault keeps waiting. */
export class Waiting {
  readonly #clock: Clock;
  readonly #ends = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves after `delayMs` milliseconds; without it only when everybody is released, or when `client`
   * emits `close`.
   */
  hold({ delayMs, client }: { delayMs?: number; client?: EventEmitter }): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#ends.delete(end);
        timer?.cancel();
        client?.off('close', end);
        resolve();
      };
      const timer = delayMs === undefined ? undefined : this.#clock.after(delayMs, end);
      this.#ends.add(end);
      client?.once('close', end);
    });
  }

  /** Nobody waits any longer. */
  release(): void {
    for (const end of [...this.#ends]) end();
  }
}

import type { Clock } from '../clock.ts';
import type { Fault, SlowFault } from './fault-schemas.ts';
import { Waiting } from './waiting.ts';

/** A fault that is in force: which requests it hits, and those that it keeps waiting. */
export class ActiveFault<Kind extends Fault = Fault> {
  readonly fault: Kind;
  readonly waiting: Waiting;
  readonly #random: () => number;
  #affected = 0;

  constructor(fault: Kind, { clock, random }: { clock: Clock; random: () => number }) {
    this.fault = fault;
    this.waiting = new Waiting(clock);
    this.#random = random;
  }

  /** How many requests it has hit. */
  get affected(): number {
    return this.#affected;
  }

  /** Whether it hits the request that has just come. */
  hits(): boolean {
    const { share = 1, times = Number.POSITIVE_INFINITY } = this.fault;
    if (this.#affected >= times || this.#random() >= share) return false;
    this.#affected += 1;
    return true;
  }

  /** Milliseconds for one request. */
  delayOf({ delayMs, jitterMs }: SlowFault): number {
    return Math.max(0, delayMs + (this.#random() * 2 - 1) * jitterMs);
  }
}

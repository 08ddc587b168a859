import type { Clock } from '../clock.ts';
import type { Decision } from './access.ts';

/** One recorded decision. */
export interface DecisionEvent {
  /** 1, 2, 3, … */
  sequence: number;
  /** Milliseconds since the Unix epoch. */
  time: number;
  /** What was tried, in the API's own words: `Publish`, `POST /messages`. */
  action: string;
  decision: Decision;
}

/** The latest decisions, oldest forgotten first, and whoever listens to them. */
export class DecisionLog {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #listeners = new Set<(event: DecisionEvent) => void>();
  #events: DecisionEvent[] = [];
  #sequence = 0;

  constructor({ clock, limit = 1000 }: { clock: Clock; limit?: number }) {
    this.#clock = clock;
    this.#limit = limit;
  }

  record(decision: Decision, action: string): void {
    this.#sequence += 1;
    const event = { sequence: this.#sequence, time: this.#clock.now(), action, decision };
    this.#events.push(event);
    // Trimmed in blocks: shifting a full array on every decision would cost as much as deciding.
    if (this.#events.length >= this.#limit * 2) this.#events = this.#events.slice(-this.#limit);
    for (const listener of this.#listeners) listener(event);
  }

  /** Events with a sequence number greater than `sequence`, as far as they are remembered. */
  since(sequence: number): DecisionEvent[] {
    return this.#events.slice(-this.#limit).filter((event) => event.sequence > sequence);
  }

  /** Calls `listener` for every decision from now on; returns how to stop it. */
  onDecision(listener: (event: DecisionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

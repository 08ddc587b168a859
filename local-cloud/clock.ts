/** A timer that can be cancelled. */
export interface Timer {
  cancel(): void;
}

/** Where every part of the local cloud takes its time from, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once, `delayMs` milliseconds from now. Never keeps the process alive. */
  after(delayMs: number, callback: () => void): Timer;
}

/** setTimeout turns anything longer than this (about 24.8 days) into 1 ms. */
const longestDelayMs = 2 ** 31 - 1;

/** Real time plus an offset that tests move; timers that fall due on the way forward fire at once. */
export class AdjustableClock implements Clock {
  readonly #read: () => number;
  #offsetMs = 0;
  readonly #pending = new Set<{ dueMs: number; callback: () => void }>();
  #wakeUp: NodeJS.Timeout | undefined;

  /** @param read another source of time, such as one that stands still; milliseconds since the epoch */
  constructor(read: () => number = Date.now) {
    this.#read = read;
  }

  now(): number {
    return this.#read() + this.#offsetMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const entry = { dueMs: this.now() + Math.max(0, delayMs), callback };
    this.#pending.add(entry);
    this.#schedule();
    return {
      cancel: () => {
        if (this.#pending.delete(entry)) this.#schedule();
      },
    };
  }

  /** Moves the clock forward by `ms` milliseconds and runs, in order, every timer that is due by then. */
  advanceBy(ms: number): void {
    const target = this.now() + ms;
    for (let next = this.#earliest(); next && next.dueMs <= target; next = this.#earliest()) {
      this.#offsetMs += Math.max(0, next.dueMs - this.now());
      this.#pending.delete(next);
      next.callback();
    }
    this.#offsetMs += Math.max(0, target - this.now());
    this.#schedule();
  }

  /** Moves the clock back by `ms` milliseconds, as a correction does: every timer waits that much longer. */
  turnBackBy(ms: number): void {
    this.#offsetMs -= ms;
    this.#schedule();
  }

  #earliest() {
    let earliest: { dueMs: number; callback: () => void } | undefined;
    for (const entry of this.#pending) {
      if (!earliest || entry.dueMs < earliest.dueMs) earliest = entry;
    }
    return earliest;
  }

  #schedule(): void {
    clearTimeout(this.#wakeUp);
    const next = this.#earliest();
    if (!next) return;
    const delay = Math.min(Math.max(0, next.dueMs - this.now()), longestDelayMs);
    this.#wakeUp = setTimeout(() => this.#runDue(), delay);
    this.#wakeUp.unref();
  }

  #runDue(): void {
    for (const entry of [...this.#pending].sort((a, b) => a.dueMs - b.dueMs)) {
      if (entry.dueMs <= this.now() && this.#pending.delete(entry)) entry.callback();
    }
    this.#schedule();
  }
}

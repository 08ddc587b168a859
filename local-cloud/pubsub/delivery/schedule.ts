import type { Clock, Timer } from '../../clock.ts';
import { DueQueue } from './due-queue.ts';

export interface ScheduleOptions<T> {
  clock: Clock;
  /** Takes all that is due, earliest first. */
  run(due: readonly T[], nowMs: number): void;
  /** Whether a value is still waited for at that time; others are dropped when they become many. */
  isCurrent(value: T, dueMs: number): boolean;
}

/** Values that are out of date cost memory; this many more than half are tolerated. */
const toleratedStale = 4096;

/** Hands out values when they fall due, with one timer for all of them. */
export class Schedule<T> {
  readonly #options: ScheduleOptions<T>;
  readonly #queue = new DueQueue<T>();
  #timer: { timer: Timer; dueMs: number } | undefined;
  #compactAt = toleratedStale;

  constructor(options: ScheduleOptions<T>) {
    this.#options = options;
  }

  /** @param dueMs milliseconds since the Unix epoch */
  at(dueMs: number, value: T): void {
    this.#queue.push(dueMs, value);
    if (this.#queue.length > this.#compactAt) this.#compact();
    this.#arm();
  }

  cancel(): void {
    this.#timer?.timer.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    const { earliestMs } = this.#queue;
    if (earliestMs === undefined || (this.#timer && this.#timer.dueMs <= earliestMs)) return;
    this.#timer?.timer.cancel();
    const { clock } = this.#options;
    const timer = clock.after(earliestMs - clock.now(), () => this.#fire());
    this.#timer = { timer, dueMs: earliestMs };
  }

  #fire(): void {
    this.#timer = undefined;
    const now = this.#options.clock.now();
    const due: T[] = [];
    for (let next = this.#queue.takeDue(now); next !== undefined; next = this.#queue.takeDue(now)) {
      due.push(next);
    }
    this.#options.run(due, now);
    this.#arm();
  }

  #compact(): void {
    const current = this.#queue.toArray().filter((item) => {
      return this.#options.isCurrent(item.value, item.dueMs);
    });
    this.#queue.clear();
    for (const { dueMs, value } of current) this.#queue.push(dueMs, value);
    this.#compactAt = 2 * current.length + toleratedStale;
  }
}

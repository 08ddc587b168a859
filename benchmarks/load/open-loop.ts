/** What became of a request: its status, or the code of the error that came instead of an answer. */
export type Outcome = number | string;

/** Sends request number `index` and calls `done` exactly once. */
export type Send = (index: number, done: (outcome: Outcome) => void) => void;

export interface LoadPlan {
  /** Requests a second. */
  rate: number;
  durationMs: number;
}

export interface LoadResult {
  requests: number;
  /** How many requests ended in which outcome. */
  outcomes: Record<string, number>;
  /** By request, in milliseconds from when it was due to when its answer was complete. */
  latenciesMs: Float64Array<ArrayBuffer>;
  /** The longest that a request was sent after it was due, in milliseconds: the generator's own delay. */
  mostLateMs: number;
  /** From the first request to the last answer. */
  elapsedMs: number;
}

/** Where the time comes from: tests give their own. */
export interface Timing {
  /** Milliseconds, never backwards. */
  now(): number;
  wait(ms: number): Promise<void>;
}

const realTime: Timing = {
  now: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * Sends requests at a fixed rate, whether or not the earlier ones have been answered, and measures each from
 * the moment it was due. A closed loop would wait while the service is slow, and leave out of its figures
 * just those requests that would have waited (coordinated omission).
 *
 * @throws {RangeError} for a plan without a request
 */
export async function runOpenLoop(
  { rate, durationMs }: LoadPlan,
  send: Send,
  { now, wait }: Timing = realTime,
): Promise<LoadResult> {
  const requests = Math.round((rate * durationMs) / 1_000);
  if (!(requests >= 1)) throw new RangeError('a load of less than one request measures nothing');
  const outcomes: Record<string, number> = {};
  const latenciesMs = new Float64Array(requests);
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  const started = now();
  const dueAt = (index: number) => started + (index * 1_000) / rate;
  let answered = 0;
  let mostLateMs = 0;
  for (let next = 0; next < requests; ) {
    for (; next < requests && dueAt(next) <= now(); next += 1) {
      const index = next;
      mostLateMs = Math.max(mostLateMs, now() - dueAt(index));
      send(index, (outcome) => {
        latenciesMs[index] = now() - dueAt(index);
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        answered += 1;
        if (answered === requests) finish();
      });
    }
    if (next < requests) await wait(Math.max(1, dueAt(next) - now()));
  }
  await finished;
  return { requests, outcomes, latenciesMs, mostLateMs, elapsedMs: now() - started };
}

import type { Verdict } from './judge.ts';

/** Between two tries, in milliseconds. */
const pause = 5_000;

/**
 * Tries until the answer is a final one or patience ends, and shows how much of it is left.
 * @returns the last verdict
 */
export async function patiently(
  attempt: () => Promise<Verdict>,
  options: {
    /** When patience ends, on the clock of `now`. */
    until: number;
    now: () => number;
    wait: (milliseconds: number) => Promise<unknown>;
    print: (line: string) => void;
  },
): Promise<Verdict> {
  const { until, now, wait, print } = options;
  const began = now();
  for (;;) {
    const verdict = await attempt();
    if (verdict.kind !== 'not yet') return verdict;
    const left = Math.min(until, began + (verdict.worthMs ?? Infinity)) - now();
    if (left <= 0) return verdict;
    print(`  … ${verdict.reason}. That may take a while: again for ${Math.ceil(left / 1_000)} s`);
    await wait(Math.min(pause, left));
  }
}

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
  for (;;) {
    const verdict = await attempt();
    const left = until - now();
    if (verdict.kind !== 'not yet' || left <= 0) return verdict;
    print(`  … ${verdict.reason}. Bindings take a while: again for ${Math.ceil(left / 1_000)} s`);
    await wait(Math.min(pause, left));
  }
}

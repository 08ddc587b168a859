import type { LoadResult } from './open-loop.ts';

/** Several runs of the same load as one. @throws {RangeError} for none */
export function mergeResults(results: readonly LoadResult[]): LoadResult {
  if (results.length === 0) throw new RangeError('there is nothing to merge');
  const total = (read: (result: LoadResult) => number) =>
    results.reduce((sum, result) => sum + read(result), 0);
  const names = new Set(results.flatMap(({ outcomes }) => Object.keys(outcomes)));
  return {
    requests: total(({ requests }) => requests),
    outcomes: Object.fromEntries(
      [...names].map((name) => [name, total(({ outcomes }) => outcomes[name] ?? 0)]),
    ),
    latenciesMs: Float64Array.from(results.flatMap(({ latenciesMs }) => [...latenciesMs])),
    mostLateMs: Math.max(...results.map(({ mostLateMs }) => mostLateMs)),
    elapsedMs: total(({ elapsedMs }) => elapsedMs),
  };
}

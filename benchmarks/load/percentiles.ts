/**
 * The nearest-rank percentile: the smallest value that at least `percent` of all values do not exceed.
 *
 * @param sorted ascending, not empty
 * @throws {RangeError} if there is no such value
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined || !(percent >= 0)) throw new RangeError(`no percentile ${percent}`);
  return value;
}

/** How latencies are spread, in milliseconds. */
export interface Latencies {
  p50: number;
  p99: number;
  max: number;
}

/** @throws {RangeError} for no values */
export function spreadOf(latenciesMs: Float64Array): Latencies {
  const sorted = latenciesMs.toSorted();
  return {
    p50: percentile(sorted, 50),
    p99: percentile(sorted, 99),
    max: percentile(sorted, 100),
  };
}

/** @throws {RangeError} for no values */
export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    50,
  );
}

/** The value below which the part `q` (0 to 1) of ascending values lies: the nearest rank. NaN without values. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const rank = Math.max(1, Math.ceil(q * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** A figure of several rounds. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

/** @throws {RangeError} without values. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError('no values');
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return { median: (lower + upper) / 2, least, most };
}

/**
 * The ratio of two figures, round by round: what slows a whole round down, such as another program on the
 * machine, slows both and leaves their ratio alone.
 *
 * @throws {RangeError} unless both have the same rounds.
 */
export function ratio(numerators: readonly number[], denominators: readonly number[]): Spread {
  if (numerators.length !== denominators.length) throw new RangeError('not the same rounds');
  return spread(numerators.map((value, round) => value / (denominators[round] ?? Number.NaN)));
}

import { describe, expect, it } from 'vitest';
import { median, percentile, spreadOf } from './percentiles.ts';

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it.each([
    [0, 1],
    [50, 50],
    [99, 99],
    [99.1, 100],
    [100, 100],
  ])('%d of 1 to 100 is %d', (percent, value) => {
    expect(percentile(hundred, percent)).toBe(value);
  });

  it('is the slowest of a few values, not one between', () => {
    expect(percentile([1, 1_000], 99)).toBe(1_000);
    expect(percentile([7], 50)).toBe(7);
  });

  it.each([-1, 101, Number.NaN])('there is none for %d', (percent) => {
    expect(() => percentile(hundred, percent)).toThrow(RangeError);
  });

  it('there is none of nothing', () => expect(() => percentile([], 50)).toThrow(RangeError));
});

it('values are sorted as numbers', () => {
  expect(spreadOf(Float64Array.of(100, 9, 20))).toEqual({ p50: 20, p99: 100, max: 100 });
  expect(median([100, 9, 8])).toBe(9);
});

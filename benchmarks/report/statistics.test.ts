import { describe, expect, it } from 'vitest';
import { quantile, ratio, spread } from './statistics.ts';

describe('quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it('takes the nearest rank', () => {
    expect(quantile(hundred, 0.5)).toBe(50);
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(quantile(hundred, 1)).toBe(100);
    expect(quantile([7, 9], 0.99)).toBe(9);
  });

  it('takes the least for 0, and nothing from nothing', () => {
    expect(quantile(hundred, 0)).toBe(1);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('spread', () => {
  it('has the middle of an odd number, and the mean of the two in the middle of an even one', () => {
    expect(spread([10, 2, 3])).toEqual({ median: 3, least: 2, most: 10 });
    expect(spread([4, 1, 2, 10])).toEqual({ median: 3, least: 1, most: 10 });
  });

  it('refuses to say something of nothing', () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});

describe('ratio', () => {
  it('compares round by round: a slow round does not count against one of the two', () => {
    expect(ratio([10, 1, 10], [20, 2, 20])).toEqual({ median: 0.5, least: 0.5, most: 0.5 });
    expect(ratio([1, 2, 9], [1, 1, 3])).toEqual({ median: 2, least: 1, most: 3 });
  });

  it('refuses rounds that do not match', () => {
    expect(() => ratio([1, 2], [1])).toThrow(RangeError);
  });
});

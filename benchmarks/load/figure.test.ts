import { describe, expect, it } from 'vitest';
import { type Figure, holds, judgedQuickly } from './figure.ts';

describe('holds', () => {
  it.each([
    ['at most', 64, 64, true],
    ['at most', 64.1, 64, false],
    ['below', 63.9, 64, true],
    ['below', 64, 64, false],
    ['at least', 64, 64, true],
    ['at least', 63.9, 64, false],
    ['at most', Number.NaN, 64, false],
    ['at least', Number.NaN, 64, false],
    ['below', Number.NaN, 64, false],
  ] as const)('%s: %d against %d is %s', (is, value, target, kept) => {
    expect(holds({ value, target: { is, value: target } })).toBe(kept);
  });

  it('where nothing is promised', () => expect(holds({ value: 1e9 })).toBe(true));
});

it('seconds are enough for counts, not for memory', () => {
  const target = { is: 'at most', value: 0 } as const;
  const count: Figure = { phase: 'x', name: 'lost', value: 1, unit: '', target };
  const memory: Figure = { ...count, name: 'growth', needsTime: true };
  expect(judgedQuickly([count, memory]).map(holds)).toEqual([false, true]);
});

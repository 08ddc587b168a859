import { expect, it } from 'vitest';
import { mergeResults } from './merge-results.ts';

it('adds up what runs of the same load have measured', () => {
  const merged = mergeResults([
    {
      requests: 2,
      outcomes: { 201: 2 },
      latenciesMs: Float64Array.of(1, 2),
      mostLateMs: 5,
      elapsedMs: 100,
    },
    {
      requests: 3,
      outcomes: { 201: 1, 503: 2 },
      latenciesMs: Float64Array.of(3, 4, 5),
      mostLateMs: 1,
      elapsedMs: 150,
    },
  ]);
  expect(merged).toEqual({
    requests: 5,
    outcomes: { 201: 3, 503: 2 },
    latenciesMs: Float64Array.of(1, 2, 3, 4, 5),
    mostLateMs: 5,
    elapsedMs: 250,
  });
});

it('nothing cannot be merged', () => expect(() => mergeResults([])).toThrow(RangeError));

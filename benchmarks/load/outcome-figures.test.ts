import { expect, it } from 'vitest';
import { holds } from './figure.ts';
import { countOfHundred, describeOutcomes, goodFigures, lostFigure } from './outcome-figures.ts';

const outcomes = { 201: 1_997, 503: 1, ECONNRESET: 1, 200: 1 };

it('counts by hundreds; what is no status belongs to none', () => {
  expect([2, 4, 5].map((hundred) => countOfHundred(outcomes, hundred))).toEqual([1_998, 0, 1]);
  expect(describeOutcomes({ 201: 1_997, ECONNRESET: 1 })).toBe('201: 1,997 · ECONNRESET: 1');
});

it.each([
  [outcomes, 2, false],
  [{ 201: 2_000 }, 0, true],
  [{}, 2_000, false],
])('of %j, %d are missing', (given, missing, kept) => {
  const figures = goodFigures('steady', 'messages', {
    requests: 2_000,
    outcomes: given,
    latenciesMs: Float64Array.of(1, 2, 3),
    mostLateMs: 0,
    elapsedMs: 2_000,
  });
  const figure = figures.find(({ name }) => name === 'messages: not answered 2xx');
  expect(figure?.value).toBe(missing);
  expect(figure && holds(figure)).toBe(kept);
});

it.each([
  [{ 201: 100, 503: 2 }, 99, 1, false],
  [{ 201: 100 }, 100, 0, true],
  // A message whose sender was told of a failure may have arrived.
  [{ 201: 100, 503: 2 }, 101, 0, true],
  [{}, 0, 0, true],
])('of %j, with %d in the topic, %d are lost', (outcomes, published, lost, kept) => {
  const result = {
    requests: 102,
    outcomes,
    latenciesMs: Float64Array.of(1),
    mostLateMs: 0,
    elapsedMs: 1_000,
  };
  const figure = lostFigure('steady', result, published);
  expect([figure.value, holds(figure)]).toEqual([lost, kept]);
});

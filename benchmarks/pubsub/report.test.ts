import { expect, test } from 'vitest';
import { pubsubTable } from './report.ts';
import type { PubsubFigures } from './run-pubsub-benchmark.ts';

const figures = (name: string, rates: number[], idleMiB: number): PubsubFigures => ({
  name,
  idleMiB,
  rounds: rates.map((rate) => ({ oneAtATime: rate, inFlight: 10, endToEnd: 1_000 / rate })),
});
const starts = [
  { readyMs: 900, ownReadyMs: 800 },
  { readyMs: 1_600, ownReadyMs: 1_400 },
];
const verdicts = (rows: string[][]) => rows.slice(1).map((row) => row.at(-1));

test('compares round by round, and says what is met', () => {
  const ours = figures('embedded Pub/Sub', [10, 100, 20], 90);
  const theirs = figures("Google's emulator", [5, 90, 40], 100);
  const rows = pubsubTable({
    figures: [ours, figures('local cloud', [1, 1, 1], 110), theirs],
    starts,
    skipped: undefined,
  });
  // Ratios 2, 1.1 and 0.5; equal is not ahead; the third is the inverse of the first.
  expect(rows[1]?.slice(-4)).toEqual(['2.00', '1.11', 'ahead', 'met']);
  expect(verdicts(rows)).toEqual(['met', 'missed', 'missed', 'met', 'missed', 'met']);
});

test('prints our own figures where there is nobody to compare with', () => {
  const rows = pubsubTable({
    figures: [figures('embedded Pub/Sub', [10], 90), figures('local cloud', [9], 110)],
    starts: [],
    skipped: 'there is no jar',
  });
  expect(rows[1]).toContain('10.0 (10.0–10.0)');
  expect(rows.every((row) => row.length === rows[0]?.length)).toBe(true);
  expect(rows.slice(1, 5).map((row) => row[3])).toEqual(['–', '–', '–', '–']);
  expect(new Set(verdicts(rows))).toEqual(new Set(['not compared', 'not measured']));
});

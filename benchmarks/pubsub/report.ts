import { ratio, spread } from '../report/statistics.ts';
import { figure } from '../report/text-table.ts';
import type { LoadRates } from './load.ts';
import type { PubsubFigures, PubsubResults } from './run-pubsub-benchmark.ts';

/** Milliseconds from `npm start` to ready, issue 6. */
const readyTargetMs = 1_500;
const loads: readonly [keyof LoadRates, string][] = [
  ['oneAtATime', 'published, one at a time (1/s)'],
  ['inFlight', 'published, unbatched, 64 in flight (1/s)'],
  ['endToEnd', 'end to end by streaming pull (1/s)'],
];

/**
 * A table with the verdicts, heading first: medians with least and most. Ratios are of the embedded Pub/Sub to
 * Google's, round by round: both without TLS.
 */
export function pubsubTable({ figures, starts }: PubsubResults): string[][] {
  const [ours, whole, theirs] = figures;
  if (!ours || !whole) throw new RangeError('no figures of our own');
  const rows = loads.map(([load, title]) => {
    const of = (each: PubsubFigures | undefined) => each?.rounds.map((rates) => rates[load]);
    const [mine, other] = [of(ours), of(theirs)];
    const lead = mine && other ? ratio(mine, other).median : undefined;
    const fresh = mine && other ? ratio(mine.slice(0, 1), other.slice(0, 1)).median : Number.NaN;
    return [
      title,
      range(mine),
      range(of(whole)),
      range(other),
      figure(fresh),
      ...verdict(lead, 'ahead', (value) => value > 1),
    ];
  });
  const memory = theirs && ours.idleMiB / theirs.idleMiB;
  const outside = starts.map(({ readyMs }) => readyMs);
  const own = starts.map(({ ownReadyMs }) => ownReadyMs);
  return [
    [
      '',
      ours.name,
      whole.name,
      "Google's emulator",
      'ratio, first round',
      'ratio',
      'target',
      'verdict',
    ],
    ...rows,
    [
      'memory at rest (MiB)',
      figure(ours.idleMiB),
      figure(whole.idleMiB),
      theirs ? figure(theirs.idleMiB) : '–',
      '–',
      ...verdict(memory, 'less', (value) => value < 1),
    ],
    ['start to ready, from outside (ms)', '–', range(outside), '–', '–', ...readyVerdict(outside)],
    ['start to ready, by its own count (ms)', '–', range(own), '–', '–', ...readyVerdict(own)],
  ];
}

function range(values: readonly number[] | undefined): string {
  if (!values || values.length === 0) return '–';
  const { median, least, most } = spread(values);
  return `${figure(median)} (${figure(least)}–${figure(most)})`;
}

function verdict(
  value: number | undefined,
  target: string,
  isMet: (value: number) => boolean,
): [string, string, string] {
  if (value === undefined) return ['–', target, 'not compared'];
  return [value.toFixed(2), target, isMet(value) ? 'met' : 'missed'];
}

function readyVerdict(milliseconds: readonly number[]): [string, string, string] {
  const target = `≤ ${figure(readyTargetMs)}`;
  if (milliseconds.length === 0) return ['–', target, 'not measured'];
  return ['–', target, Math.max(...milliseconds) <= readyTargetMs ? 'met' : 'missed'];
}

import type { Figures } from '../harness/bench.ts';
import type { Rounds } from '../measurements/measure-in-turn.ts';
import type { Memory, Resident } from '../measurements/memory.ts';
import type { Refreshes } from '../measurements/refreshes.ts';
import { cpuOfBoth } from './rounds-table.ts';
import { spread } from './statistics.ts';
import { figure } from './text-table.ts';

/** https://cloud.google.com/run/pricing: request-based billing, tier 1, in US dollars. */
const vcpuSecond = 0.000024;

/** What a million messages cost in CPU time. */
export function costTable(rounds: Rounds): string[][] {
  const cost = (figures: Figures[], pick: (one: Figures) => number) =>
    // CPU seconds of a thousand, a thousand times.
    (spread(figures.map(pick)).median * 1_000 * vcpuSecond).toFixed(4);
  return [
    ['', 'caller', 'receiver', 'both'],
    ...Object.entries(rounds).map(([name, figures]) => [
      name,
      cost(figures, ({ cpu }) => cpu.caller),
      cost(figures, ({ cpu }) => cpu.receiver),
      cost(figures, cpuOfBoth),
    ]),
  ];
}

/** RSS and, with shared pages counted in part, PSS. */
export function memoryTable(memory: Memory): string[][] {
  return [
    ['', 'caller: RSS', 'PSS', 'receiver: RSS', 'PSS'],
    ...Object.entries(memory).map(([name, pairs]) => {
      const cell = (pick: (pair: (typeof pairs)[number]) => Resident) =>
        (['resident', 'proportional'] as const).map((kind) =>
          spread(pairs.map((pair) => pick(pair)[kind])).median.toFixed(0),
        );
      return [name, ...cell(({ caller }) => caller), ...cell(({ receiver }) => receiver)];
    }),
  ];
}

/** The same load with tokens of an hour and of two seconds. */
export function refreshesTable({ usual, shortLived }: Refreshes): string[][] {
  const row = (name: string, { perSecond, p50, p99, failures, google }: Figures) => [
    name,
    figure(perSecond),
    figure(p50),
    figure(p99),
    String(google.idTokens),
    String(google.certificates),
    String(failures),
  ];
  return [
    [
      'tokens live',
      'req/s',
      'p50 ms',
      'p99 ms',
      'ID tokens fetched',
      'certificate fetches',
      'failures',
    ],
    row('an hour', usual),
    row('two seconds', shortLived),
  ];
}

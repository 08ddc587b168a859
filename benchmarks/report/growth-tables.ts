import type { Figures } from '../harness/bench.ts';
import type { Growth } from '../measurements/growth.ts';
import type { Rounds } from '../measurements/measure-in-turn.ts';
import { cpuOfBoth } from './rounds-table.ts';
import { spread } from './statistics.ts';
import { figure } from './text-table.ts';

/** What both pairs did at each size. */
export function growthTable(what: string, growth: Growth<Rounds>): string[][] {
  return [
    [
      what,
      'req/s: ours',
      'bare pair',
      'p50 ms: ours',
      'bare pair',
      'p99 ms: ours',
      'bare pair',
      'CPU s/1000: ours',
      'bare pair',
      'failures',
    ],
    ...growth.map(({ at, figures: { ours = [], 'bare-pair': bare = [] } }) => [
      at.toLocaleString('en-US'),
      ...both(ours, bare, ({ perSecond }) => perSecond),
      ...both(ours, bare, ({ p50 }) => p50),
      ...both(ours, bare, ({ p99 }) => p99),
      ...both(ours, bare, cpuOfBoth),
      String([...ours, ...bare].reduce((sum, { failures }) => sum + failures, 0)),
    ]),
  ];
}

/** What our receiver did with each number of tokens. */
export function tokensTable(growth: Growth): string[][] {
  const one = growth[0] && median(growth[0].figures, receiverCpu);
  return [
    ['tokens', 'req/s', 'p50 ms', 'p99 ms', 'CPU s/1000', '÷ one token', 'failures'],
    ...growth.map(({ at, figures }) => {
      const cpu = median(figures, receiverCpu);
      return [
        at.toLocaleString('en-US'),
        figure(median(figures, ({ perSecond }) => perSecond)),
        figure(median(figures, ({ p50 }) => p50)),
        figure(median(figures, ({ p99 }) => p99)),
        figure(cpu),
        figure(cpu / (one ?? Number.NaN)),
        String(figures.reduce((sum, { failures }) => sum + failures, 0)),
      ];
    }),
  ];
}

const receiverCpu = ({ cpu }: Figures) => cpu.receiver;

function both(ours: Figures[], bare: Figures[], pick: (figures: Figures) => number) {
  return [figure(median(ours, pick)), figure(median(bare, pick))];
}

function median(figures: readonly Figures[], pick: (figures: Figures) => number): number {
  return spread(figures.map(pick)).median;
}

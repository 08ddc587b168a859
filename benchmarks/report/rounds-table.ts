import type { Figures } from '../harness/bench.ts';
import type { Rounds } from '../measurements/measure-in-turn.ts';
import { ratio, type Spread, spread } from './statistics.ts';
import { figure } from './text-table.ts';

/** Each contestant's medians, its spread, and its part of the bare pair's figures. */
export function roundsTable(rounds: Rounds): string[][] {
  const floor = rounds['bare-pair'];
  return [
    [
      '',
      'req/s',
      'spread',
      '÷ bare',
      'p50 ms',
      'p99 ms',
      'CPU s/1000: caller',
      'receiver',
      '÷ bare',
      'msg/publish',
      'token fetches',
      'cert fetches',
      'failures',
    ],
    ...Object.entries(rounds).map(([name, figures]) => {
      const of = (pick: (one: Figures) => number) => spread(figures.map(pick));
      const toFloor = (pick: (one: Figures) => number) =>
        floor ? figure(ratio(figures.map(pick), floor.map(pick)).median) : '';
      const perSecond = of((one) => one.perSecond);
      return [
        name,
        figure(perSecond.median),
        between(perSecond),
        toFloor((one) => one.perSecond),
        figure(of((one) => one.p50).median),
        figure(of((one) => one.p99).median),
        figure(of((one) => one.cpu.caller).median),
        figure(of((one) => one.cpu.receiver).median),
        toFloor(cpuOfBoth),
        figure(of((one) => one.google.messages / one.google.publishRequests).median),
        figure(of((one) => one.google.idTokens + one.google.accessTokens).median),
        figure(of((one) => one.google.certificates).median),
        String(figures.reduce((sum, one) => sum + one.failures, 0)),
      ];
    }),
  ];
}

export function cpuOfBoth({ cpu }: Figures): number {
  return cpu.caller + cpu.receiver;
}

function between({ least, most }: Spread): string {
  return `${figure(least)}–${figure(most)}`;
}

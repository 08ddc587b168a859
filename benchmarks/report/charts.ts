import type { Figures } from '../harness/bench.ts';
import type { StartRound } from '../measurements/cold-start.ts';
import type { Growth } from '../measurements/growth.ts';
import type { Rounds } from '../measurements/measure-in-turn.ts';
import type { Results } from '../measurements/results.ts';
import { barChart } from './bar-chart.ts';
import { lineChart } from './line-chart.ts';
import { cpuOfBoth } from './rounds-table.ts';
import { spread } from './statistics.ts';

/** The pictures of a run, by file name. */
export function charts(results: Results): Record<string, string> {
  const { throughput, concurrency, latency, growth, tokens } = results;
  const starts = results['cold-start']?.warmCache;
  return {
    ...(throughput && {
      'throughput.svg': barChart({
        title: 'POST /messages, requests a second, 32 connections',
        parts: ['requests a second'],
        bars: bars(throughput, [({ perSecond }) => perSecond]),
      }),
      'cpu.svg': barChart({
        title: 'POST /messages, CPU seconds for 1,000 requests',
        parts: ['caller', 'receiver'],
        bars: bars(throughput, [({ cpu }) => cpu.caller, ({ cpu }) => cpu.receiver]),
      }),
    }),
    ...(throughput &&
      concurrency &&
      latency && {
        'concurrency.svg': lineChart({
          title: 'POST /messages, requests a second',
          across: 'connections',
          series: series(
            [
              { at: 1, figures: latency.messages },
              { at: 32, figures: throughput },
              ...concurrency,
            ].sort((a, b) => a.at - b.at),
            ({ perSecond }) => perSecond,
          ),
        }),
      }),
    ...(starts && { 'cold-start.svg': startChart(starts) }),
    ...(growth && {
      'growth-connections.svg': lineChart({
        title: 'CPU seconds for 1,000 messages, both services',
        across: 'connections',
        series: series(growth.connections, cpuOfBoth),
      }),
      'growth-body.svg': lineChart({
        title: 'CPU seconds for 1,000 messages, both services',
        across: 'bytes of the body',
        series: series(growth.bodyBytes, cpuOfBoth),
      }),
    }),
    ...(tokens && {
      'growth-tokens.svg': lineChart({
        title: 'CPU seconds of the receiver for 1,000 requests',
        across: 'distinct tokens',
        series: series(
          tokens.map(({ at, figures }) => ({ at, figures: { ours: figures } })),
          ({ cpu }) => cpu.receiver,
        ),
      }),
    }),
  };
}

type Pick = (figures: Figures) => number;

function bars(rounds: Rounds, picks: readonly Pick[]) {
  return Object.entries(rounds).map(([label, figures]) => ({
    label,
    values: picks.map((pick) => spread(figures.map(pick)).median),
  }));
}

function series(growth: Growth<Rounds>, pick: Pick) {
  const names = Object.keys(growth[0]?.figures ?? {}) as (keyof Rounds)[];
  return names.map((name) => ({
    name,
    points: growth.map(({ at, figures }) => ({
      x: at,
      y: spread((figures[name] ?? []).map(pick)).median,
    })),
  }));
}

function startChart(starts: readonly StartRound[]): string {
  const median = (pick: (round: StartRound) => number) => spread(starts.map(pick)).median;
  return barChart({
    title: 'Milliseconds from the start of the process, page cache warm',
    parts: ['until it listens', 'from there to the first authorized 201'],
    bars: [
      { label: 'empty Express', values: [median((round) => round.emptyExpress.listening)] },
      {
        label: '… compile cache',
        values: [median((round) => round.emptyExpressCompiled.listening)],
      },
      ...(['caller', 'receiver'] as const).flatMap((service) =>
        (['bundle', 'source', 'sample-style'] as const).map((form) => ({
          label: `${service}, ${form}`,
          values: [
            median((round) => round[service][form].listening),
            median(
              (round) =>
                (round[service][form].published ?? Number.NaN) - round[service][form].listening,
            ),
          ],
        })),
      ),
    ],
  });
}

import type { Figure } from './figure.ts';
import type { LoadResult } from './open-loop.ts';
import { spreadOf } from './percentiles.ts';

/** How many requests ended with a status of this hundred. */
export function countOfHundred(outcomes: Readonly<Record<string, number>>, hundred: number) {
  return Object.entries(outcomes)
    .filter(([outcome]) => Math.floor(Number(outcome) / 100) === hundred)
    .reduce((sum, [, count]) => sum + count, 0);
}

/** `201: 59,998 · 503: 2` */
export function describeOutcomes(outcomes: Readonly<Record<string, number>>): string {
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${outcome}: ${count.toLocaleString('en')}`)
    .join(' · ');
}

/** What good traffic must hold, and how long its answers took. */
export function goodFigures(phase: string, label: string, result: LoadResult): Figure[] {
  const { requests, outcomes, elapsedMs, mostLateMs } = result;
  const latencies = spreadOf(result.latenciesMs);
  return [
    { phase, name: `${label}: requests`, value: requests, unit: '' },
    {
      phase,
      name: `${label}: not answered 2xx`,
      value: requests - countOfHundred(outcomes, 2),
      unit: '',
      target: { is: 'at most', value: 0 },
    },
    { phase, name: `${label}: answered`, value: requests / (elapsedMs / 1_000), unit: 'req/s' },
    { phase, name: `${label}: p50`, value: latencies.p50, unit: 'ms' },
    { phase, name: `${label}: p99`, value: latencies.p99, unit: 'ms' },
    { phase, name: `${label}: max`, value: latencies.max, unit: 'ms' },
    { phase, name: `${label}: sent late by at most`, value: mostLateMs, unit: 'ms' },
  ];
}

/** What was answered 201 and is not in the topic. @param published different messages that came into it meanwhile */
export function lostFigure(phase: string, { outcomes }: LoadResult, published: number): Figure {
  return {
    phase,
    name: 'answered 201 and not in the topic',
    value: Math.max(0, (outcomes[201] ?? 0) - published),
    unit: '',
    target: { is: 'at most', value: 0 },
  };
}

/** How long the event loop of a service kept the probe waiting. */
export function probeFigures(phase: string, service: string, result: LoadResult): Figure[] {
  const { p50, p99, max } = spreadOf(result.latenciesMs);
  const name = `${service}: event loop delay`;
  return [
    { phase, name: `${name} p50`, value: p50, unit: 'ms' },
    { phase, name: `${name} p99`, value: p99, unit: 'ms' },
    { phase, name: `${name} max`, value: max, unit: 'ms' },
  ];
}

import type { Figures } from '../harness/bench.ts';
import type { ServiceName } from '../harness/contestants.ts';
import type { StartRound } from '../measurements/cold-start.ts';
import type { Rounds } from '../measurements/measure-in-turn.ts';
import type { Results } from '../measurements/results.ts';
import { cpuOfBoth } from './rounds-table.ts';
import { ratio, type Spread, spread } from './statistics.ts';

/** What is promised of a figure. */
export interface Target {
  figure: string;
  /** The bound that the median must keep. */
  bound: { atLeast: number } | { atMost: number };
  unit?: string;
  /** Undefined where the run did not measure it. */
  measured: Spread | undefined;
}

export type Verdict = 'met' | 'missed' | 'not measured';

/** Every promise of speed, with what a run showed of it. */
export function targets(results: Results): Target[] {
  const { throughput, identity, tls, latency, memory, tokens } = results;
  const starts = results['cold-start']?.warmCache;
  const perSecond = (figures: Figures) => figures.perSecond;
  const services = ['caller', 'receiver'] as const;
  return [
    {
      figure: 'throughput ÷ sample style, 32 connections, TLS between the services',
      bound: { atLeast: 5 },
      measured: oursTo('sample-style', tls, perSecond),
    },
    {
      figure: 'throughput with verification and publish ÷ bare pair',
      bound: { atLeast: 0.7 },
      measured: oursTo('bare-pair', throughput, perSecond),
    },
    {
      figure: 'throughput with verification, no publish ÷ bare pair',
      bound: { atLeast: 0.9 },
      measured: oursTo('bare-pair', identity, perSecond),
    },
    {
      figure: 'CPU per request (both services) ÷ bare pair',
      bound: { atMost: 1.4 },
      measured: oursTo('bare-pair', throughput, cpuOfBoth),
    },
    {
      figure: 'p50 added over the bare pair at concurrency 1, without publishing',
      bound: { atMost: 1.5 },
      unit: 'ms',
      measured: addedMedian(latency?.identity),
    },
    ...services.map((service) => ({
      figure: `start → listening ÷ an empty Express bundle: ${service}`,
      bound: { atMost: 1.3 },
      measured: starts && listeningToEmpty(starts, service),
    })),
    ...services.map((service) => ({
      figure: `start → first authorized 201 ÷ unbundled source: ${service}`,
      bound: { atMost: 0.5 },
      measured: starts && publishedToSource(starts, service),
    })),
    {
      figure: 'CPU per request at 10,000 distinct tokens ÷ at one: receiver',
      bound: { atMost: 1.2 },
      measured: tokens && mostTokensToOne(tokens),
    },
    ...services.map((service) => ({
      figure: `RSS at rest: ${service}`,
      bound: { atMost: 80 },
      unit: 'MiB',
      measured: memory?.ours && spread(memory.ours.map((pair) => pair[service].resident)),
    })),
  ];
}

export function verdictOf({ bound, measured }: Pick<Target, 'bound' | 'measured'>): Verdict {
  if (!measured) return 'not measured';
  const kept =
    'atLeast' in bound ? measured.median >= bound.atLeast : measured.median <= bound.atMost;
  return kept ? 'met' : 'missed';
}

/** How much longer our requests take than the bare pair's, at the median, in milliseconds. */
export function addedMedian(rounds: Rounds | undefined): Spread | undefined {
  const { ours, 'bare-pair': bare } = rounds ?? {};
  if (!ours || !bare) return undefined;
  return spread(ours.map(({ p50 }, round) => p50 - (bare[round]?.p50 ?? Number.NaN)));
}

function oursTo(
  other: 'sample-style' | 'bare-pair',
  rounds: Rounds | undefined,
  pick: (figures: Figures) => number,
): Spread | undefined {
  const { ours, [other]: theirs } = rounds ?? {};
  return ours && theirs && ratio(ours.map(pick), theirs.map(pick));
}

function listeningToEmpty(starts: readonly StartRound[], service: ServiceName): Spread {
  return ratio(
    starts.map((round) => round[service].bundle.listening),
    starts.map((round) => round.emptyExpress.listening),
  );
}

function publishedToSource(starts: readonly StartRound[], service: ServiceName): Spread {
  const published = (form: 'bundle' | 'source') =>
    starts.map((round) => round[service][form].published ?? Number.NaN);
  return ratio(published('bundle'), published('source'));
}

function mostTokensToOne(tokens: NonNullable<Results['tokens']>): Spread | undefined {
  const receiverCpu = (figures: Figures[] | undefined) =>
    (figures ?? []).map(({ cpu }) => cpu.receiver);
  return ratio(receiverCpu(tokens.at(-1)?.figures), receiverCpu(tokens[0]?.figures));
}

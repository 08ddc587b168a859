import { type Bench, getIdentity, postMessage } from '../harness/bench.ts';
import type { ContestantName } from '../harness/contestants.ts';
import type { BenchOptions, MeasurementName } from '../options.ts';
import { measureColdStart } from './cold-start.ts';
import { measureBodies, measureConcurrency } from './growth.ts';
import { measureInTurn } from './measure-in-turn.ts';
import { measureMemory } from './memory.ts';
import { measureRefreshes } from './refreshes.ts';
import type { Measured } from './results.ts';
import { measureTokens } from './tokens.ts';

const connections = 32;
/** Half the time, and half the rounds, do where nothing is judged. */
const short = 0.5;

type Options = Pick<BenchOptions, 'contestants' | 'rounds' | 'seconds'>;

/** How each measurement is made. */
export const measurements: {
  [Name in MeasurementName]: (bench: Bench, options: Options) => Promise<Measured[Name]>;
} = {
  throughput: (bench, { contestants, rounds, seconds }) =>
    measureInTurn(bench, {
      contestants,
      request: postMessage,
      connections,
      rounds,
      milliseconds: seconds * 1_000,
    }),

  identity: (bench, { contestants, rounds, seconds }) =>
    measureInTurn(bench, {
      contestants: among(contestants, ['ours', 'bare-pair']),
      request: getIdentity,
      connections,
      rounds,
      milliseconds: seconds * 1_000,
    }),

  tls: (bench, { contestants, rounds, seconds }) =>
    measureInTurn(bench, {
      contestants: among(contestants, ['ours', 'sample-style', 'bare-pair']),
      request: postMessage,
      route: 'tls',
      connections,
      rounds,
      milliseconds: seconds * 1_000,
    }),

  latency: async (bench, { contestants, rounds, seconds }) => {
    const load = { connections: 1, rounds, milliseconds: seconds * short * 1_000 };
    const few = among(contestants, ['ours', 'bare-pair']);
    return {
      messages: await measureInTurn(bench, { ...load, contestants, request: postMessage }),
      identity: await measureInTurn(bench, { ...load, contestants: few, request: getIdentity }),
    };
  },

  concurrency: async (bench, { contestants, rounds, seconds }) => {
    const load = { contestants, request: postMessage, ...shortened(rounds, seconds) };
    return [
      { at: 8, figures: await measureInTurn(bench, { ...load, connections: 8 }) },
      { at: 128, figures: await measureInTurn(bench, { ...load, connections: 128 }) },
    ];
  },

  memory: (bench, options) => measureMemory(bench, options),

  'cold-start': (bench, { rounds }) => measureColdStart(bench, rounds + 2),

  growth: async (bench, { rounds, seconds }) => ({
    connections: await measureConcurrency(bench, shortened(rounds, seconds)),
    bodyBytes: await measureBodies(bench, shortened(rounds, seconds)),
  }),

  tokens: (bench, { rounds, seconds }) =>
    measureTokens(bench, { rounds, milliseconds: seconds * 1_000 }),

  refreshes: (bench, { seconds }) => measureRefreshes(bench, seconds * 3 * 1_000),
};

function shortened(rounds: number, seconds: number) {
  return { rounds: Math.max(1, Math.floor(rounds / 2)), milliseconds: seconds * short * 1_000 };
}

function among(asked: readonly ContestantName[], these: readonly ContestantName[]) {
  return these.filter((name) => asked.includes(name));
}

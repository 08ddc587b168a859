import { describe, expect, it } from 'vitest';
import type { Figures } from '../harness/bench.ts';
import type { StartRound } from '../measurements/cold-start.ts';
import type { Results } from '../measurements/results.ts';
import { targets, verdictOf } from './targets.ts';

const about = {
  date: '2026-11-25T00:00:00.000Z',
  node: 'v24.21.0',
  processor: 'one',
  cores: 2,
  options: { rounds: 1, seconds: 1 },
};

const google = { idTokens: 0, accessTokens: 0, certificates: 0, publishRequests: 0, messages: 0 };

function figures(some: { perSecond?: number; p50?: number; caller?: number; receiver?: number }) {
  const { perSecond = 1, p50 = 1, caller = 1, receiver = 1 } = some;
  const made: Figures = {
    requests: 1,
    failures: 0,
    perSecond,
    p50,
    p99: p50,
    cpu: { caller, receiver },
    google,
  };
  return made;
}

function start(listening: number, published: number) {
  return { listening, published };
}

const starts: StartRound = {
  emptyExpress: { listening: 100 },
  emptyExpressCompiled: { listening: 90 },
  caller: { bundle: start(120, 200), source: start(300, 500), 'sample-style': start(200, 300) },
  receiver: { bundle: start(140, 300), source: start(300, 500), 'sample-style': start(200, 300) },
};

const results: Results = {
  about,
  throughput: {
    ours: [figures({ perSecond: 70, caller: 2, receiver: 1.5 })],
    'bare-pair': [figures({ perSecond: 100, caller: 2, receiver: 0.5 })],
  },
  identity: {
    ours: [figures({ perSecond: 89 })],
    'bare-pair': [figures({ perSecond: 100 })],
  },
  tls: {
    ours: [figures({ perSecond: 50 })],
    'sample-style': [figures({ perSecond: 10 })],
  },
  latency: {
    messages: {},
    identity: { ours: [figures({ p50: 3 })], 'bare-pair': [figures({ p50: 1 })] },
  },
  memory: {
    ours: [
      {
        caller: { resident: 80, proportional: 40 },
        receiver: { resident: 81, proportional: 40 },
      },
    ],
  },
  'cold-start': { warmCache: [starts] },
  tokens: [
    { at: 1, figures: [figures({ receiver: 1 })] },
    { at: 10_000, figures: [figures({ receiver: 1.25 })] },
  ],
};

describe('targets', () => {
  it('are each computed from the measurement that they speak of', () => {
    const shown = targets(results).map((target) => [
      target.figure,
      target.measured?.median,
      verdictOf(target),
    ]);
    expect(shown).toEqual([
      ['throughput ÷ sample style, 32 connections, TLS between the services', 5, 'met'],
      ['throughput with verification and publish ÷ bare pair', 0.7, 'met'],
      ['throughput with verification, no publish ÷ bare pair', 0.89, 'missed'],
      ['CPU per request (both services) ÷ bare pair', 1.4, 'met'],
      ['p50 added over the bare pair at concurrency 1, without publishing', 2, 'missed'],
      ['start → listening ÷ an empty Express bundle: caller', 1.2, 'met'],
      ['start → listening ÷ an empty Express bundle: receiver', 1.4, 'missed'],
      ['start → first authorized 201 ÷ unbundled source: caller', 0.4, 'met'],
      ['start → first authorized 201 ÷ unbundled source: receiver', 0.6, 'missed'],
      ['CPU per request at 10,000 distinct tokens ÷ at one: receiver', 1.25, 'missed'],
      ['RSS at rest: caller', 80, 'met'],
      ['RSS at rest: receiver', 81, 'missed'],
    ]);
  });

  it('say so when nothing was measured', () => {
    const verdicts = targets({ about }).map(verdictOf);
    expect(new Set(verdicts)).toEqual(new Set(['not measured']));
  });

  it('miss what is no number: a figure that went wrong keeps no promise', () => {
    const measured = { median: Number.NaN, least: Number.NaN, most: Number.NaN };
    expect(verdictOf({ bound: { atMost: 1 }, measured })).toBe('missed');
    expect(verdictOf({ bound: { atLeast: 1 }, measured })).toBe('missed');
  });
});

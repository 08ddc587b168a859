import { mergeResults } from './merge-results.ts';
import type { LoadResult } from './open-loop.ts';
import { countOfHundred, describeOutcomes, goodFigures, probeFigures } from './outcome-figures.ts';
import { median, spreadOf } from './percentiles.ts';
import type { Phase } from './phase.ts';
import { cpuFigure, othersFigure, resourceFigures } from './resource-figures.ts';
import { Sampler } from './sampler.ts';

/** Requests a second: nine of ten are hostile. */
const rates = { good: 200, hostile: 1_800 };
/** Alone and beside by turns, and the middle of their p99s: one pause of the machine decides nothing. */
const rounds = 5;
/** An unknown key makes the receiver look for new certificates at most this often. */
const fetchEveryMs = 5_000;

/** Good messages alone, and then the same beside nine times as much that must be refused. */
export const hostile: Phase = async ({ startCloud, durations, generatorOf, progress }) => {
  const phase = 'hostile';
  const cloud = await startCloud();
  const { ports, pids } = cloud.ready;
  const good = generatorOf({ kind: 'good', port: ports.caller });
  const bad = generatorOf({ kind: 'hostile', port: ports.receiver, ...cloud.ready.hostile });
  const probe = generatorOf({ kind: 'probe', port: ports.receiver });
  progress(`warming up, ${durations.warmUp / 1_000} s`);
  const warmUp = (rate: number) => ({ rate, durationMs: durations.warmUp });
  await Promise.all([good.run(warmUp(rates.good)), bad.run(warmUp(rates.hostile))]);

  const aloneMs = durations.alone / rounds;
  const durationMs = durations.hostile / rounds;
  const all: { alone: LoadResult; beside: LoadResult; refused: LoadResult; probed: LoadResult }[] =
    [];
  const before = await cloud.ask('counts');
  const sampler = new Sampler({ ...pids, 'load generator': process.pid });
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round}: ${rates.good} good req/s alone for ${aloneMs / 1_000} s`);
    const alone = await good.run({ rate: rates.good, durationMs: aloneMs });
    progress(`the same beside ${rates.hostile} hostile req/s for ${durationMs / 1_000} s`);
    const [beside, refused, probed] = await Promise.all([
      good.run({ rate: rates.good, durationMs }),
      bad.run({ rate: rates.hostile, durationMs }),
      probe.run({ rate: 10, durationMs }),
    ]);
    all.push({ alone, beside, refused, probed });
  }
  const { samples, othersCores } = sampler.stop();
  const after = await cloud.ask('counts');
  const merged = (name: keyof (typeof all)[number]) =>
    mergeResults(all.map((round) => round[name]));
  const [alone, beside, refused] = [merged('alone'), merged('beside'), merged('refused')];
  progress(`good ${describeOutcomes(beside.outcomes)}`);
  progress(`hostile ${describeOutcomes(refused.outcomes)}`);

  const middleP99 = (name: 'alone' | 'beside') =>
    median(all.map((round) => spreadOf(round[name].latenciesMs).p99));
  return [
    ...goodFigures(phase, 'good alone', alone),
    ...goodFigures(phase, 'good beside hostile', beside),
    {
      phase,
      name: 'good p99 beside hostile, of that alone (middle of rounds)',
      value: middleP99('beside') / middleP99('alone'),
      unit: 'times',
      target: { is: 'at most', value: 2 },
      needsTime: true,
    },
    { phase, name: 'hostile: requests', value: refused.requests, unit: '' },
    {
      phase,
      name: 'hostile: not answered 4xx',
      value: refused.requests - countOfHundred(refused.outcomes, 4),
      unit: '',
      target: { is: 'at most', value: 0 },
    },
    { phase, name: 'hostile: p99', value: spreadOf(refused.latenciesMs).p99, unit: 'ms' },
    {
      phase,
      name: 'hostile messages in the topic',
      value: after.hostilePublished,
      unit: '',
      target: { is: 'at most', value: 0 },
    },
    {
      phase,
      name: 'certificate fetches',
      value: after.certificateFetches - before.certificateFetches,
      unit: '',
      target: { is: 'at most', value: Math.ceil(durations.hostile / fetchEveryMs) + rounds },
    },
    ...probeFigures(phase, 'receiver', merged('probed')),
    ...resourceFigures(phase, 'receiver', samples.receiver),
    cpuFigure(phase, 'caller', samples.caller),
    cpuFigure(phase, 'local cloud', samples.cloud),
    cpuFigure(phase, 'load generator', samples['load generator']),
    othersFigure(phase, othersCores),
  ];
};

import { serviceNames } from './cloud-messages.ts';
import { describeOutcomes, goodFigures, lostFigure } from './outcome-figures.ts';
import { type Phase, promisedRate } from './phase.ts';
import { cpuFigure, othersFigure, resourceFigures } from './resource-figures.ts';
import { Sampler } from './sampler.ts';

/** The promised rate through both services, as long as promised. */
export const steady: Phase = async ({ startCloud, durations, generatorOf, progress }) => {
  const phase = 'steady';
  const cloud = await startCloud();
  const { ports, pids } = cloud.ready;
  const good = generatorOf({ kind: 'good', port: ports.caller });
  progress(`warming up, ${durations.warmUp / 1_000} s`);
  await good.run({ rate: promisedRate, durationMs: durations.warmUp });

  progress(`${promisedRate} req/s for ${durations.steady / 1_000} s`);
  const before = await cloud.ask('counts');
  const sampler = new Sampler({ ...pids, 'load generator': process.pid });
  const result = await good.run({ rate: promisedRate, durationMs: durations.steady });
  const { samples, othersCores } = sampler.stop();
  const after = await cloud.ask('counts');
  progress(describeOutcomes(result.outcomes));
  return [
    ...goodFigures(phase, 'messages', result),
    lostFigure(phase, result, after.published - before.published),
    ...serviceNames.flatMap((name) => resourceFigures(phase, name, samples[name])),
    cpuFigure(phase, 'local cloud', samples.cloud),
    cpuFigure(phase, 'load generator', samples['load generator']),
    othersFigure(phase, othersCores),
  ];
};

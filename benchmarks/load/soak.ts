import { serviceNames } from './cloud-messages.ts';
import type { CloudUnderTest } from './cloud-under-test.ts';
import type { Figure } from './figure.ts';
import { describeOutcomes, goodFigures, lostFigure, probeFigures } from './outcome-figures.ts';
import { type Phase, promisedRate } from './phase.ts';
import { cpuFigure, othersFigure, resourceFigures } from './resource-figures.ts';
import { resourceUse } from './resource-use.ts';
import { Sampler } from './sampler.ts';

const rate = promisedRate / 2;
/** A pool has a few connections more or less; a leak of one a second would be hundreds. */
const handlesTolerance = 16;
/** The receiver looks for unknown keys every 5 s at most; every second new key is one. */
const shortestRotationMs = 6_000;
/** An access token is renewed this many seconds before its end. */
const accessTokenMargin = 15;
/** An ID token is renewed when this part of its life is over. */
const idTokenPart = 0.75;

/** Half of the promised rate for long, while keys are rotated and every token is renewed many times. */
export const soak: Phase = async ({ startCloud, durations, generatorOf, progress }) => {
  const phase = 'soak';
  const durationMs = durations.soak;
  const rotateEveryMs = Math.max(shortestRotationMs, durationMs / 10);
  const renewEvery = Math.max(4, Math.round(durationMs / 10_000));
  const cloud = await startCloud({
    idToken: Math.round(renewEvery / idTokenPart),
    accessToken: renewEvery + accessTokenMargin,
  });
  const { ports, pids } = cloud.ready;
  const good = generatorOf({ kind: 'good', port: ports.caller });
  const probes = serviceNames.map((name) => generatorOf({ kind: 'probe', port: ports[name] }));

  progress(`warming up, ${durations.warmUp / 1_000} s`);
  // At the full rate, so that connections and heap have the size that they need at most.
  await good.run({ rate: promisedRate, durationMs: durations.warmUp });
  progress(
    `${rate} req/s for ${durationMs / 1_000} s; new tokens every ${renewEvery} s, a new key every ${rotateEveryMs / 1_000} s`,
  );
  const before = await cloud.ask('counts');
  const sampler = new Sampler({ ...pids, 'load generator': process.pid });
  const rotation = rotateRegularly(cloud, rotateEveryMs, progress);
  const [result, ...probed] = await Promise.all([
    good.run({ rate, durationMs }),
    ...probes.map((probe) => probe.run({ rate: 10, durationMs })),
  ]);
  const rotations = await rotation.stop();
  const { samples, othersCores } = sampler.stop();
  const after = await cloud.ask('counts');
  progress(describeOutcomes(result.outcomes));

  // Fewer than ten by one: the first comes when the life of those of the warm-up ends.
  const renewals = Math.floor(durationMs / (renewEvery * 1_000)) - 1;
  const happened = (name: string, value: number, least: number): Figure => ({
    phase,
    name,
    value,
    unit: '',
    target: { is: 'at least', value: least },
  });
  return [
    ...goodFigures(phase, 'messages', result),
    lostFigure(phase, result, after.published - before.published),
    happened('keys rotated', rotations, Math.floor(durationMs / rotateEveryMs) - 1),
    happened(
      'certificates fetched',
      after.certificateFetches - before.certificateFetches,
      Math.floor((rotations - 1) / 2),
    ),
    happened('ID tokens fetched', after.idTokenFetches - before.idTokenFetches, renewals),
    happened(
      'access tokens fetched',
      after.accessTokenFetches - before.accessTokenFetches,
      renewals,
    ),
    ...serviceNames.flatMap((name, index): Figure[] => {
      const probe = probed[index];
      return [
        ...resourceFigures(phase, name, samples[name]),
        {
          phase,
          name: `${name}: handles growth`,
          value: resourceUse(samples[name]).handlesGrowth,
          unit: '',
          target: { is: 'at most', value: handlesTolerance },
        },
        ...(probe ? probeFigures(phase, name, probe) : []),
      ];
    }),
    cpuFigure(phase, 'local cloud', samples.cloud),
    cpuFigure(phase, 'load generator', samples['load generator']),
    othersFigure(phase, othersCores),
  ];
};

/** @returns how to stop, which tells how often it was done */
function rotateRegularly(cloud: CloudUnderTest, everyMs: number, progress: (line: string) => void) {
  let rotations = 0;
  let failure: unknown;
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = cloud.ask('rotateKeys').then(
      () => {
        rotations += 1;
        progress(`key ${rotations + 1} signs now`);
      },
      (error: unknown) => {
        failure = error;
      },
    );
  }, everyMs);
  return {
    async stop(): Promise<number> {
      clearInterval(timer);
      await last;
      if (failure !== undefined) throw failure;
      return rotations;
    },
  };
}

import type { Figure } from './figure.ts';
import { promisedGrowthMiB } from './phase.ts';
import { resourceUse, type TimedSample } from './resource-use.ts';

const mebibyte = 2 ** 20;

/** Memory and CPU of one of the services. */
export function resourceFigures(
  phase: string,
  service: string,
  samples: readonly TimedSample[],
): Figure[] {
  const use = resourceUse(samples);
  return [
    {
      phase,
      name: `${service}: memory growth`,
      value: use.rssGrowthBytes / mebibyte,
      unit: 'MiB',
      target: { is: 'below', value: promisedGrowthMiB },
      needsTime: true,
    },
    { phase, name: `${service}: memory peak`, value: use.rssPeakBytes / mebibyte, unit: 'MiB' },
    {
      phase,
      name: `${service}: CPU`,
      value: use.cores,
      unit: 'cores',
      target: { is: 'at most', value: 1 },
    },
    { phase, name: `${service}: handles at most`, value: use.handlesPeak, unit: '' },
  ];
}

/** CPU of what is not measured but shares the machine. */
export function cpuFigure(phase: string, name: string, samples: readonly TimedSample[]): Figure {
  return { phase, name: `${name}: CPU`, value: resourceUse(samples).cores, unit: 'cores' };
}

/** What ran beside the bench: on a busy machine the other figures tell of that instead. */
export function othersFigure(phase: string, cores: number): Figure {
  return { phase, name: 'all other programs: CPU', value: cores, unit: 'cores' };
}

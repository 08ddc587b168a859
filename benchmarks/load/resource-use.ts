import { median } from './percentiles.ts';
import type { ProcessSample } from './process-sample.ts';

/** A sample with its time, in milliseconds. */
export type TimedSample = ProcessSample & { atMs: number };

export interface ResourceUse {
  /** From the first sample to the highest one: that the garbage collector will take some back is no excuse. */
  rssGrowthBytes: number;
  rssPeakBytes: number;
  /** 1 is one core, all the time. */
  cores: number;
  /** From the middle of the first fifth to that of the last: connections come and go. */
  handlesGrowth: number;
  handlesPeak: number;
}

/**
 * What a process used while it was sampled. @throws {RangeError} for fewer than two samples
 */
export function resourceUse(samples: readonly TimedSample[]): ResourceUse {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) throw new RangeError('two samples are needed');
  const handles = samples.map((sample) => sample.handles);
  const fifth = Math.ceil(handles.length / 5);
  const rssPeakBytes = Math.max(...samples.map(({ rssBytes }) => rssBytes));
  return {
    rssGrowthBytes: rssPeakBytes - first.rssBytes,
    rssPeakBytes,
    cores: (last.cpuMs - first.cpuMs) / (last.atMs - first.atMs),
    handlesGrowth: median(handles.slice(-fifth)) - median(handles.slice(0, fifth)),
    handlesPeak: Math.max(...handles),
  };
}

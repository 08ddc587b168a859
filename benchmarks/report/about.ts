import { cpus } from 'node:os';
import type { Results } from '../measurements/results.ts';
import type { BenchOptions } from '../options.ts';

/** When and where a run took place. */
export function aboutThisRun({ rounds, seconds }: BenchOptions): Results['about'] {
  return {
    date: new Date().toISOString(),
    node: process.version,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    options: { rounds, seconds },
  };
}

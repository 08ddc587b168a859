import type { Lifetimes } from './cloud-messages.ts';
import type { CloudUnderTest } from './cloud-under-test.ts';
import type { Figure } from './figure.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { Durations } from './options.ts';
import type { TrafficPlan } from './traffic.ts';

/** What the runs use. */
export interface Bench {
  durations: Durations;
  /** A local cloud and both services, fresh; stopped with the run, like the generators. */
  startCloud(lifetimes?: Lifetimes): Promise<CloudUnderTest>;
  generatorOf(plan: TrafficPlan): LoadGenerator;
  /** A line for whoever waits. */
  progress(line: string): void;
}

export type Phase = (bench: Bench) => Promise<Figure[]>;

/** Requests a second that both services promise to take. */
export const promisedRate = 1_000;
/** What their memory may grow by meanwhile, in MiB. */
export const promisedGrowthMiB = 64;

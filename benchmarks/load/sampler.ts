import { sampleMachineCpu, sampleProcess } from './process-sample.ts';
import type { TimedSample } from './resource-use.ts';

const everyMs = 1_000;

/** Samples processes once a second, from its making to `stop`. */
export class Sampler<Name extends string> {
  readonly #pids: ReadonlyMap<Name, number>;
  readonly #samples: Record<Name, TimedSample[]>;
  readonly #timer: NodeJS.Timeout;
  readonly #machineCpuMs = sampleMachineCpu();

  /** @throws if one of them is not running */
  constructor(pids: Readonly<Record<Name, number>>) {
    const entries = Object.entries(pids) as [Name, number][];
    this.#pids = new Map(entries);
    this.#samples = Object.fromEntries(
      entries.map(([name]) => [name, [] as TimedSample[]]),
    ) as Record<Name, TimedSample[]>;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), everyMs);
  }

  /**
   * Takes the last samples.
   *
   * @returns them, and how many cores everything else on the machine has used meanwhile
   * @throws if one of the processes has ended
   */
  stop(): { samples: Record<Name, TimedSample[]>; othersCores: number } {
    clearInterval(this.#timer);
    this.#sample();
    const all: TimedSample[][] = Object.values(this.#samples);
    const ownCpuMs = sum(all.map((samples) => spanOf(samples, 'cpuMs')));
    const othersCpuMs = sampleMachineCpu() - this.#machineCpuMs - ownCpuMs;
    const elapsedMs = Math.max(...all.map((samples) => spanOf(samples, 'atMs')));
    return { samples: this.#samples, othersCores: Math.max(0, othersCpuMs / elapsedMs) };
  }

  #sample(): void {
    for (const [name, pid] of this.#pids) {
      this.#samples[name].push({ atMs: performance.now(), ...sampleProcess(pid) });
    }
  }
}

function spanOf(samples: readonly TimedSample[], field: 'atMs' | 'cpuMs'): number {
  return (samples.at(-1)?.[field] ?? 0) - (samples[0]?.[field] ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

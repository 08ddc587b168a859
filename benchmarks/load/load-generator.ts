import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LoadPlan, LoadResult } from './open-loop.ts';
import type { TrafficPlan } from './traffic.ts';

/** Sends traffic of one kind from a thread of its own, which keeps its connections from run to run. */
export class LoadGenerator {
  readonly #thread: Worker;

  constructor(plan: TrafficPlan) {
    this.#thread = new Worker(new URL('generator-thread.ts', import.meta.url), {
      workerData: plan,
    });
  }

  /** One at a time. Rejects with what the thread threw. */
  async run(plan: LoadPlan): Promise<LoadResult> {
    this.#thread.postMessage(plan);
    const [result] = await once(this.#thread, 'message');
    return result;
  }

  /** Also in the middle of a run, which then never ends. */
  async stop(): Promise<void> {
    await this.#thread.terminate();
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../harness/bench.ts';
import type { ContestantName, ServiceName } from '../harness/contestants.ts';
import { postUntilPublished } from '../harness/first-request.ts';
import { startPair } from '../harness/pair.ts';
import { residentMiB } from '../harness/process-figures.ts';

/** MiB. */
export type Resident = { resident: number; proportional: number };
/** Each contestant's memory, one reading for each round. */
export type Memory = Partial<Record<ContestantName, Record<ServiceName, Resident>[]>>;

/** How long a service that has answered is left alone before it is at rest, in milliseconds. */
const settleMs = 1_000;

/** The memory of new pairs that have answered one request. */
export async function measureMemory(
  bench: Bench,
  options: { contestants: readonly ContestantName[]; rounds: number },
): Promise<Memory> {
  const measured: Memory = {};
  for (let round = 0; round < options.rounds; round += 1) {
    const readings = options.contestants.map(async (name) => {
      const pair = await startPair(bench.contestants[name], bench);
      await postUntilPublished(pair.caller.port);
      await sleep(settleMs);
      const reading = {
        caller: residentMiB(pair.caller.pid),
        receiver: residentMiB(pair.receiver.pid),
      };
      await pair.stop();
      measured[name] = [...(measured[name] ?? []), reading];
    });
    // Memory does not mind company.
    await Promise.all(readings);
  }
  return measured;
}

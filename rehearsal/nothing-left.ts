import { setTimeout as wait } from 'node:timers/promises';
import { addedSince, takeInventory } from './inventory.ts';
import { type Scene, StageError } from './stage.ts';

/** Longer than the ten seconds that Cloud Run gives a container to end, in milliseconds. */
const patience = 12_000;
const pause = 50;

/** The ids of the processes that run as the services. */
export function processesOf({ cloud, topology }: Pick<Scene, 'cloud' | 'topology'>): number[] {
  return topology.services.flatMap(({ name }) => cloud.services.pidOf(name) ?? []);
}

/** @throws {StageError} that lists what a deployment has left behind, or which process runs on */
export async function requireNothingLeft(
  { cloud, before }: Pick<Scene, 'cloud' | 'before'>,
  processes: readonly number[],
): Promise<void> {
  const { things, bindings } = addedSince(before, await takeInventory(cloud.controlUrl));
  for (let waited = 0; waited < patience && processes.some(isRunning); waited += pause) {
    await wait(pause);
  }
  const running = processes.filter(isRunning).map((pid) => `process ${pid}`);
  const left = [...things, ...bindings, ...running];
  if (left.length > 0) throw new StageError(`This is left:\n  ${left.join('\n  ')}`);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

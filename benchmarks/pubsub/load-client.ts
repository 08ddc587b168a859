import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import type { LoadRates, LoadSize } from './load.ts';

/** Google's client in a process of its own, so that it does not share a thread with what it loads. */
export function startLoadClient({ project, environment }: Contestant) {
  const child = fork(join(import.meta.dirname, 'load-process.ts'), [project], {
    env: { PATH: process.env.PATH, ...environment },
    // Google's client warns there of what it does not find on a machine that is not Google's.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return { run: (size: LoadSize) => run(child, size), stop: () => child.kill() };
}

async function run(child: ChildProcess, size: LoadSize): Promise<LoadRates> {
  child.send(size);
  const ended = once(child, 'exit').then(() => ({ error: 'the client ended' }));
  const [answer] = await Promise.race([once(child, 'message'), ended.then((end) => [end])]);
  if ('error' in answer) throw new Error(answer.error);
  return answer.rates;
}

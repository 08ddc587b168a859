import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { State } from '../../local-cloud/state-file.ts';
import type { Contestant } from './contestant.ts';
import { parseStartScript } from './start-script.ts';

const root = join(import.meta.dirname, '../..');
const freePorts = ['--caller-port', '--receiver-port', '--proxy-port', '--control-port'].flatMap(
  (flag) => [flag, '0'],
);

/** The whole local cloud as `npm start` starts it, both services included. */
export interface LocalCloudProcess extends Contestant {
  /** From the call of `spawn` to its sentence that it is ready. */
  readyMs: number;
  /** What it says itself, which counts from the start of its own process. */
  ownReadyMs: number;
}

/** @throws {Error} if it ends before it is ready; the message has its last words. */
export async function startLocalCloudProcess(): Promise<LocalCloudProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-pubsub-'));
  const { file, args, environment } = startCommand();
  const start = performance.now();
  const child = spawn(file, [...args, ...freePorts], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ready = Promise.withResolvers<number>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // Its lines about each decision are read and thrown away, as a terminal would.
    if (output.length < 100_000) output += text;
    const seconds = /Ready after ([\d.]+) s/.exec(output)?.[1];
    if (seconds !== undefined) ready.resolve(1_000 * Number(seconds));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.once('exit', () => ready.reject(new Error(`the local cloud ended: ${output}`)));
  const ownReadyMs = await ready.promise;
  const readyMs = performance.now() - start;
  const state = JSON.parse(readFileSync(join(folder, '.local-cloud/state.json'), 'utf8')) as State;
  return {
    name: 'local cloud',
    pid: child.pid ?? 0,
    project: state.project,
    environment: state.developerEnvironment,
    readyMs,
    ownReadyMs,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the script `start` of package.json runs, without npm and the shell. */
function startCommand() {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return parseStartScript(scripts.start, root);
}

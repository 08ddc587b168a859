import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contestant } from './contestant.ts';
import { freePort } from './free-port.ts';

/** Where Google's packages for Debian put it. */
const defaultJar =
  '/usr/lib/google-cloud-sdk/platform/pubsub-emulator/lib/cloud-pubsub-emulator-0.8.20-all.jar';

/** Google's emulator, or in words why there is none here. It has no TLS and asks nobody who they are. */
export async function startGoogleEmulator(jar = defaultJar): Promise<Contestant | string> {
  if (!existsSync(jar)) return `there is no ${jar}`;
  const port = await freePort();
  const child = spawn('java', ['-jar', jar, '--host=127.0.0.1', `--port=${port}`], {
    stdio: 'ignore',
  });
  const failed = new Promise<string>((resolve) => {
    child.once('error', () => resolve('java cannot be started'));
    child.once('exit', (code) => resolve(`java ended with ${code}`));
  });
  const failure = await Promise.race([failed, untilListening(port)]);
  if (failure !== undefined) return failure;
  return {
    name: "Google's emulator",
    pid: child.pid ?? 0,
    project: 'demo-project',
    environment: { PLAIN_ENDPOINT: `127.0.0.1:${port}`, PLAIN_TOKEN: 'not-looked-at' },
    stop: () => stop(child),
  };
}

async function untilListening(port: number): Promise<undefined> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return undefined;
    await sleep(50);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
}

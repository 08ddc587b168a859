import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import type { EmbeddedAddress } from './embedded-server.ts';

/** The local cloud's Pub/Sub without the rest of it, on a plain connection like Google's emulator. */
export async function startEmbedded(): Promise<Contestant> {
  const child = fork(join(import.meta.dirname, 'embedded-server.ts'), {
    execArgv: ['--max-semi-space-size=4'],
  });
  const [{ port, token, project }] = (await once(child, 'message')) as [EmbeddedAddress];
  return {
    name: 'embedded Pub/Sub',
    pid: child.pid ?? 0,
    project,
    environment: { PLAIN_ENDPOINT: `127.0.0.1:${port}`, PLAIN_TOKEN: token },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closed } from '../../tests/support/network.ts';
import { AdjustableClock } from '../clock.ts';
import { defaultStartupProbe } from './probe.ts';
import { StartupError, SupervisedService, type SupervisedServiceOptions } from './supervisor.ts';

/** Listens, exits with 3 when told to crash, and says when it is asked to stop. */
const server = `
  const server = require('node:net').createServer((socket) => {
    socket.on('data', () => process.exit(3)).on('error', () => {});
  });
  server.listen(process.env.PORT, '127.0.0.1', () => console.log('listening'));
`;
const polite = `${server}
  process.on('SIGTERM', () => { console.error('bye'); process.exit(0); });
`;
const stubborn = `${server}
  process.on('SIGTERM', () => console.log('no'));
`;

/** Sentences and lines of a service, and a way to wait for one of them. */
class Journal {
  readonly entries: string[] = [];
  readonly #waiting = new Set<() => void>();

  add(entry: string): void {
    this.entries.push(entry);
    for (const check of this.#waiting) check();
  }

  /** Resolves once `entry` is there `times` times. */
  async has(entry: string, times = 1): Promise<void> {
    await this.#until(
      () => this.entries.filter((one) => one === entry).length >= times || undefined,
    );
  }

  /** Resolves to the first entry that matches. */
  match(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#until(() =>
      this.entries.map((entry) => pattern.exec(entry)).find((match) => match !== null),
    );
  }

  #until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const check = () => {
        const found = find();
        if (found === undefined) return;
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }
}

describe('SupervisedService', () => {
  let service: SupervisedService | undefined;
  let homeFolder: string;
  beforeEach(() => {
    homeFolder = mkdtempSync(join(tmpdir(), 'supervisor-'));
  });
  afterEach(async () => {
    await service?.stop();
    rmSync(homeFolder, { recursive: true });
  });

  function supervise(program: string, options: Partial<SupervisedServiceOptions> = {}) {
    const journal = new Journal();
    const clock = new AdjustableClock();
    service = new SupervisedService({
      name: 'receiver',
      revision: 'receiver-00001-abc',
      command: process.execPath,
      args: ['-e', program],
      env: {},
      hostEnv: { PATH: process.env.PATH },
      homeFolder,
      clock,
      onLine: (line, stream) => journal.add(`${stream}: ${line}`),
      onEvent: (sentence) => journal.add(sentence),
      ...options,
    });
    return { supervised: service, journal, clock };
  }

  function crash(port: number | undefined): void {
    const socket = connect(port ?? 0, '127.0.0.1', () => socket.write('x'));
    socket.on('error', () => undefined);
  }

  it('starts, listens, passes its lines on and stops', async () => {
    const { supervised, journal } = supervise(polite);
    expect(supervised.port).toBeUndefined();
    await supervised.start();
    expect(supervised.port).toBeGreaterThan(0);
    await journal.has('stdout: listening');
    await supervised.stop();
    expect(supervised.port).toBeUndefined();
    expect(supervised.pid).toBeUndefined();
    expect(journal.entries).toEqual(['stdout: listening', 'stderr: bye']);
  });

  it('kills what does not end within 10 s of SIGTERM', async () => {
    const { supervised, journal, clock } = supervise(stubborn);
    await supervised.start();
    const stopped = supervised.stop();
    await journal.has('stdout: no');
    clock.advanceBy(9_000);
    expect(supervised.pid).toBeDefined();
    clock.advanceBy(1_000);
    await stopped;
    expect(journal.entries).toContain('receiver did not end within 10 s of SIGTERM; killing it');
  });

  it('starts again after a crash, later and later', async () => {
    const { supervised, journal, clock } = supervise(polite);
    await supervised.start();
    crash(supervised.port);
    await journal.has('receiver ended (exit code 3); starting it again in 0.5 s');
    expect(supervised.port).toBeUndefined();
    clock.advanceBy(500);
    await journal.has('receiver is running again');
    crash(supervised.port);
    await journal.has('receiver ended (exit code 3); starting it again in 1 s');
    clock.advanceBy(1_000);
    await journal.has('receiver is running again', 2);
    clock.advanceBy(60_000);
    crash(supervised.port);
    await journal.has('receiver ended (exit code 3); starting it again in 0.5 s', 2);
  });

  it('stops while it waits to start again', async () => {
    const { supervised, journal, clock } = supervise(polite);
    await supervised.start();
    crash(supervised.port);
    await journal.has('receiver ended (exit code 3); starting it again in 0.5 s');
    await supervised.stop();
    clock.advanceBy(1_000);
    expect(supervised.pid).toBeUndefined();
  });

  it('names the signal of a crash', async () => {
    const { supervised, journal } = supervise(polite);
    await supervised.start();
    process.kill(supervised.pid ?? 0, 'SIGKILL');
    await journal.has('receiver ended (SIGKILL); starting it again in 0.5 s');
  });

  it.each<[title: string, options: Partial<SupervisedServiceOptions>, message: RegExp]>([
    [
      'ends at once',
      { args: ['-e', 'process.exit(1)'] },
      /^receiver ended \(exit code 1\) before it listened on PORT=\d+$/,
    ],
    [
      'does not exist',
      { command: '/no/such/program' },
      /^receiver ended \(spawn \/no\/such\/program ENOENT\) before it listened on PORT=\d+$/,
    ],
    [
      'does not listen in time',
      {
        args: ['-e', 'setInterval(() => {}, 1000)'],
        startupProbe: { ...defaultStartupProbe, periodMs: 0 },
      },
      /^receiver did not listen on PORT=\d+ within 0 s$/,
    ],
    [
      'does not pass its startup probe in time',
      {
        args: ['-e', 'setInterval(() => {}, 1000)'],
        startupProbe: { ...defaultStartupProbe, http: { path: '/up', headers: {} }, periodMs: 0 },
      },
      /^receiver did not pass its startup probe \(\/up\) within 0 s$/,
    ],
  ])('fails the first start of a service that %s', async (_title, options, message) => {
    const { supervised, journal } = supervise('', options);
    const error = await supervised.start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartupError);
    expect((error as Error).message).toMatch(message);
    expect(supervised.pid).toBeUndefined();
    expect(journal.entries).toEqual([]);
  });

  it('shows the service nothing of the machine but what it needs', async () => {
    const print = `${polite} console.log(JSON.stringify(process.env));`;
    const { supervised, journal } = supervise(print, {
      env: { TOPIC: 'projects/p/topics/t', PORT: '1' },
      hostEnv: {
        PATH: process.env.PATH,
        HOME: '/home/real',
        GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
        CLOUDSDK_CONFIG: '/home/real/.config/gcloud',
        NODE_OPTIONS: '--inspect',
      },
    });
    await supervised.start();
    await journal.has('stdout: listening');
    const line = journal.entries.find((entry) => entry.startsWith('stdout: {')) ?? '';
    expect(JSON.parse(line.slice('stdout: '.length))).toEqual({
      PATH: process.env.PATH,
      HOME: homeFolder,
      TOPIC: 'projects/p/topics/t',
      PORT: String(supervised.port),
      K_SERVICE: 'receiver',
      K_REVISION: 'receiver-00001-abc',
      K_CONFIGURATION: 'receiver',
    });
  });

  it('stops what the service started itself', async () => {
    const nested = `${polite}
      const child = require('node:child_process').spawn(process.execPath,
        ['-e', \`process.on('SIGTERM', () => {});
          const server = require('node:net').createServer().listen(0, '127.0.0.1',
            () => console.log(server.address().port));\`], { stdio: 'inherit' });
    `;
    const { supervised, journal } = supervise(nested);
    await supervised.start();
    const innerPort = Number((await journal.match(/^stdout: (\d+)$/))[1]);
    const socket = connect(innerPort, '127.0.0.1');
    await once(socket, 'connect');
    const gone = closed(socket);
    await supervised.stop();
    await gone;
  });

  it('is stopped when its supervisor is killed with SIGKILL', async () => {
    const parent = spawn(
      process.execPath,
      ['--input-type=module-typescript', '-e', supervisingProgram(homeFolder)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [port] = await once(createInterface({ input: parent.stdout }), 'line');
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const gone = closed(socket);
    parent.kill('SIGKILL');
    await gone;
  });
});

function supervisingProgram(homeFolder: string): string {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  return `
    import { AdjustableClock } from ${module('../clock.ts')};
    import { SupervisedService } from ${module('./supervisor.ts')};
    const service = new SupervisedService({
      name: 'receiver', revision: 'receiver-00001-abc', command: process.execPath, args: ['-e', ${JSON.stringify(polite)}], env: {},
      hostEnv: {}, homeFolder: ${JSON.stringify(homeFolder)}, clock: new AdjustableClock(),
      onLine: () => {}, onEvent: () => {},
    });
    await service.start();
    console.log(service.port);
  `;
}

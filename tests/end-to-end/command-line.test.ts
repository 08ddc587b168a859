import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/program.ts';

const main = join(import.meta.dirname, '../../local-cloud/main.ts');
const anyPorts = ['caller', 'receiver', 'proxy', 'control'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const file = (name: string) => join(folder, '.local-cloud', name);
const script = (name: string) => join(import.meta.dirname, '../../local-cloud', name);
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

let cloud: ReturnType<typeof run>;
let curl: { url: string };

beforeAll(async () => {
  cloud = run(main, anyPorts, folder);
  const output = await cloud.printed(/Try: .*\n/);
  curl = { url: /curl -X POST (\S+)/.exec(output)?.[1] ?? '' };
});
afterAll(() => {
  cloud.child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const send = (text: string) =>
  fetch(curl.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  });

it('prints a box with everything one needs, and the curl in it works', async () => {
  for (const part of [
    'demo-project',
    'europe-west1',
    'run.app',
    'runs as',
    'invokers',
    'publishers',
  ]) {
    expect(cloud.output()).toContain(part);
  }
  expect((await send('from the box')).status).toBe(201);
  await cloud.printed(
    /✓ user:developer@example\.com → caller {2}POST \/messages .*roles\/run\.invoker on caller/,
  );
  await cloud.printed(/✓ serviceAccount:receiver@.* → topic events|roles\/pubsub\.publisher/);
});

it('leaves files that only the user can read', () => {
  for (const name of ['env', 'ca.pem', 'state.json', 'access-token', 'credentials.json']) {
    expect(statSync(file(name)).mode & 0o777, name).toBe(0o600);
  }
  const state = JSON.parse(readFileSync(file('state.json'), 'utf8'));
  expect(state).toMatchObject({
    pid: cloud.child.pid,
    project: 'demo-project',
    region: 'europe-west1',
    // Only here: it opens what lends identities.
    control: { key: expect.stringMatching(/^[\w-]{43}$/) },
    services: { caller: { serviceAccount: 'caller@demo-project.iam.gserviceaccount.com' } },
  });
});

describe('messages', () => {
  it('prints those that were there and those that come', async () => {
    await send('sent before');
    const messages = run(script('messages.ts'), [], folder);
    await messages.printed(/sent before/);
    await send('sent \u001b[31mafter');
    const output = await messages.printed(/sent \\u\{1b\}\[31mafter/);
    expect(output).toContain('calledBy=caller@demo-project.iam.gserviceaccount.com');
    messages.child.kill('SIGINT');
    expect(await messages.ended).toBe(0);
  });
});

describe('env', () => {
  it('prints exports for a shell, and those of a service', async () => {
    const env = run(script('env.ts'), [], folder);
    expect(await env.ended).toBe(0);
    expect(env.output()).toMatch(/^export HTTPS_PROXY='http:\/\/127\.0\.0\.1:\d+'$/m);
    expect(env.output()).toContain('export RECEIVER_URL=');
    const receiver = run(script('env.ts'), ['receiver'], folder);
    expect(await receiver.ended).toBe(0);
    expect(receiver.output()).toContain('export ALLOWED_CALLERS=');
    const unknown = run(script('env.ts'), ['nobody'], folder);
    expect(await unknown.ended).toBe(1);
    expect(unknown.output()).toContain('There are: receiver, caller');
  });
});

it('env takes away what the shell had and would lead it elsewhere', async () => {
  const inherited = { GOOGLE_IMPERSONATE_SERVICE_ACCOUNT: 'x', CLOUDSDK_CORE_PROJECT: 'mine' };
  const developer = run(script('env.ts'), [], folder, inherited);
  const receiver = run(script('env.ts'), ['receiver'], folder, inherited);
  await Promise.all([developer.ended, receiver.ended]);
  expect(developer.output().match(/^unset .*$/gm)).toEqual([
    'unset GOOGLE_IMPERSONATE_SERVICE_ACCOUNT',
  ]);
  expect(receiver.output().match(/^unset .*$/gm)).toHaveLength(2);
});

describe('what cannot start says why in a sentence', () => {
  it('a second one in the same folder', async () => {
    const second = run(main, anyPorts, folder);
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/running in this folder already \(process \d+\)/);
  });

  it('a second one in the same folder, also where the first has its ports', async () => {
    const { proxy } = JSON.parse(readFileSync(file('state.json'), 'utf8'));
    const second = run(main, [...anyPorts, '--proxy-port', String(proxy.port)], folder);
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/running in this folder already/);
  });

  it.each(['caller', 'receiver', 'proxy', 'control'])('a busy %s port', async (name) => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const elsewhere = mkdtempSync(join(tmpdir(), 'command-line-'));
    try {
      const { port } = busy.address() as { port: number };
      const second = run(main, [...anyPorts, `--${name}-port`, String(port)], elsewhere);
      expect(await second.ended).toBe(1);
      expect(second.output()).toContain(`Port ${port} is in use already`);
      expect(second.output()).toContain(`--${name}-port`);
      expect(existsSync(join(elsewhere, '.local-cloud'))).toBe(false);
    } finally {
      busy.close();
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('something else in the place of its folder, which is left alone', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'command-line-'));
    try {
      mkdirSync(join(elsewhere, 'target/home/keep'), { recursive: true });
      symlinkSync('target', join(elsewhere, '.local-cloud'));
      const cannot = run(main, anyPorts, elsewhere);
      expect(await cannot.ended).toBe(1);
      expect(cannot.output()).toMatch(/\.local-cloud is not a folder\. Move it away/);
      expect(existsSync(join(elsewhere, 'target/home/keep'))).toBe(true);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it.each([
    [['--caller-port', 'x'], '--caller-port must be a port number'],
    [['--proxy-port', '65536'], '--proxy-port must be a port number'],
    [['--unknown'], "Unknown option '--unknown'"],
    [['more'], 'Unexpected argument'],
  ])('%j', async (args, sentence) => {
    const cannot = run(main, args, folder);
    expect(await cannot.ended).toBe(1);
    expect(cannot.output()).toContain(sentence);
  });

  it.each([
    ['--help', 0],
    ['--follow', 2],
  ])('messages.ts with %s', async (argument, code) => {
    const messages = run(script('messages.ts'), [argument], folder);
    expect(await messages.ended).toBe(code);
    expect(messages.output()).toMatch(/^npm run messages takes no arguments\..*\n$/);
  });

  it.each(['env.ts', 'messages.ts'])('%s where nothing runs', async (name) => {
    const nothing = run(script(name), [], tmpdir());
    expect(await nothing.ended).toBe(1);
    expect(nothing.output()).toBe('No local cloud is running here. Start one with: npm start\n');
  });
});

it('is not kept from starting by what one that was killed has left behind', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'command-line-'));
  try {
    mkdirSync(join(elsewhere, '.local-cloud'));
    // Process 1 is always there, and is no local cloud.
    const left = JSON.stringify({ pid: 1, proxyUrl: 'http://127.0.0.1:1' });
    writeFileSync(join(elsewhere, '.local-cloud/lock'), left);
    writeFileSync(join(elsewhere, '.local-cloud/state.json'), '{"pid":1}');
    const env = run(script('env.ts'), [], elsewhere);
    expect(await env.ended).toBe(1);
    expect(env.output()).toContain('No local cloud is running here.');
    const next = run(main, anyPorts, elsewhere);
    await next.printed(/Try: .*\n/);
    next.child.kill('SIGTERM');
    expect(await next.ended).toBe(0);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

it('lets nobody reach the services past the front door from outside this machine', async () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  const port = /caller +│ listening on port (\d+)/.exec(cloud.output())?.[1];
  expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
  if (outside) await expect(fetch(`http://${outside}:${port}/health/live`)).rejects.toThrow();
});

it('restarts a service that crashes, and says so', async () => {
  const pid = servicePid('caller', cloud.child);
  process.kill(pid, 'SIGKILL');
  await cloud.printed(/caller ended \(SIGKILL\); starting it again/);
  await cloud.printed(/caller is running again/);
  expect((await send('after the crash')).status).toBe(201);
});

it('stops with 0 on SIGINT, tells who reads messages, and leaves neither a process nor a credential behind', async () => {
  const pids = [servicePid('caller', cloud.child), servicePid('receiver', cloud.child)];
  const messages = run(script('messages.ts'), [], folder);
  await messages.printed(/Messages of/);
  cloud.child.kill('SIGINT');
  cloud.child.kill('SIGINT');
  expect(await cloud.ended).toBe(0);
  expect(await messages.ended).toBe(0);
  expect(messages.output()).toContain('The local cloud has stopped.');
  expect(pids.filter(isAlive)).toEqual([]);
  for (const name of ['env', 'ca.pem', 'state.json', 'access-token', 'credentials.json']) {
    expect(existsSync(file(name)), name).toBe(false);
  }
});

/** By the operating system's account, not by what the local cloud says. */
function servicePid(name: string, { pid: parent }: ChildProcess): number {
  const table = execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/));
  const row = rows.find(
    ([, ppid, ...args]) => Number(ppid) === parent && args.includes(`services/${name}/main.ts`),
  );
  return Number(row?.[0]);
}

it('starts an empty project with --empty, and says how to deploy into it', async () => {
  const below = mkdtempSync(join(folder, 'empty-'));
  const empty = run(main, ['--empty', ...anyPorts], below);
  try {
    const output = await empty.printed(/Ready after/);
    expect(output).toContain('npm run deploy -- --project demo-project --region europe-west1');
    const state = JSON.parse(readFileSync(join(below, '.local-cloud/state.json'), 'utf8'));
    expect(state).toMatchObject({ services: {}, topics: [], subscriptions: [] });
    const env = run(script('env.ts'), [], below);
    expect(await env.ended).toBe(0);
    expect(env.output()).not.toContain('RECEIVER_URL');
  } finally {
    empty.child.kill('SIGTERM');
  }
  expect(await empty.ended).toBe(0);
});

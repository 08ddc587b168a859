import { execFileSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/program.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'exposure-'));
const ports = ['caller', 'receiver', 'proxy', 'control'].flatMap((name) => [`--${name}-port`, '0']);
let cloud: ReturnType<typeof run>;

beforeAll(async () => {
  // Whatever the shell of the developer lets others read.
  const umask = process.umask(0);
  cloud = run(join(root, 'local-cloud/main.ts'), ports, folder);
  process.umask(umask);
  await cloud.printed(/Ready after/);
});
afterAll(async () => {
  cloud.child.kill('SIGTERM');
  await cloud.ended;
  rmSync(folder, { recursive: true });
});

const state = () => JSON.parse(readFileSync(join(folder, '.local-cloud/state.json'), 'utf8'));

describe.skipIf(!hasProc())('every port of the local cloud and of the services', () => {
  const listening = () => listeningSockets(processTree(Number(cloud.child.pid)));

  it('is on this machine only', () => {
    const addresses = listening().map(({ address }) => address);
    // Two services, two doors to them, two metadata servers, the proxy, the control API.
    expect(addresses.length).toBeGreaterThanOrEqual(8);
    expect([...new Set(addresses)]).toEqual(['127.0.0.1']);
  });

  it('gives a web page nothing after DNS rebinding', async () => {
    const containers = containerPorts();
    for (const { port } of listening()) {
      if (containers.includes(port)) continue;
      const { status, headers } = await getAs(`evil.example:${port}`, port);
      expect([400, 403], `port ${port}`).toContain(status);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  /** Behind the front door on Cloud Run, whose answers do not depend on the host that is asked for. */
  function containerPorts(): number[] {
    const [, ...children] = processTree(Number(cloud.child.pid));
    return listeningSockets(children).map(({ port }) => port);
  }
});

it('opens ports in one place, whose address cannot be chosen', () => {
  const sources = globSync('{local-cloud,rehearsal}/**/*.ts', { cwd: root });
  const listens = sources.filter(
    (file) =>
      !file.endsWith('.test.ts') && /\.listen\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(listens).toEqual(['local-cloud/network/listen-locally.ts']);
});

it('leaves nothing that others on this machine can read', () => {
  const everything = readdirSync(join(folder, '.local-cloud'), {
    recursive: true,
    withFileTypes: true,
  }).map((entry) => join(entry.parentPath, entry.name));
  expect(everything.length).toBeGreaterThan(5);
  const open = [join(folder, '.local-cloud'), ...everything].filter(
    (path) => statSync(path).mode & 0o077,
  );
  expect(open).toEqual([]);
});

it('keeps the key of its CA to itself', () => {
  const files = globSync('**/*', { cwd: join(folder, '.local-cloud') })
    .map((name) => join(folder, '.local-cloud', name))
    .filter((path) => statSync(path).isFile());
  for (const file of files) expect(readFileSync(file, 'utf8'), file).not.toContain('PRIVATE KEY');
});

it('is not taken for Google by a program that was not told to trust it, even behind its proxy', () => {
  const { proxy, ca } = state();
  const certificates = (trust: Record<string, string>) => {
    const { PATH } = process.env;
    const program = `fetch('https://www.googleapis.com/oauth2/v1/certs')
      .then((response) => console.log(response.status), (error) => console.log(error.cause.code))`;
    const env = { PATH, NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy.url, ...trust };
    return execFileSync(process.execPath, ['--eval', program], { env, encoding: 'utf8' }).trim();
  };
  expect(certificates({})).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  expect(certificates({ NODE_EXTRA_CA_CERTS: ca })).toBe('200');
});

function getAs(host: string, port: number) {
  return new Promise<{ status: number | undefined; headers: object }>((resolve, reject) => {
    const headers = { host, 'metadata-flavor': 'Google' };
    request({ host: '127.0.0.1', port, path: '/', headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, headers: response.headers });
    })
      .on('error', reject)
      .end();
  });
}

function hasProc(): boolean {
  const found = existsSync('/proc/self/net/tcp');
  if (!found) process.stdout.write('skipped, for want of /proc: the ports of the local cloud\n');
  return found;
}

/** A process and all that it started, itself first. */
function processTree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return [pid, ...children.flatMap((child) => processTree(Number(child)))];
}

/** What these processes listen on, by TCP, in both versions of IP. */
function listeningSockets(pids: readonly number[]): { address: string; port: number }[] {
  const inodes = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
        } catch {
          // Closed since.
          return [];
        }
      }),
    ),
  );
  return ['tcp', 'tcp6'].flatMap((version) =>
    readFileSync(`/proc/net/${version}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , status, , , , , , inode]) => status === '0A' && inodes.has(String(inode)))
      .map(([, local = '']) => {
        const [address = '', port = ''] = local.split(':');
        return { address: dotted(address), port: Number.parseInt(port, 16) };
      }),
  );
}

/** `0100007F` → `127.0.0.1`; IPv6 as the kernel writes it. */
function dotted(address: string): string {
  if (address.length !== 8) return address;
  return [...Buffer.from(address, 'hex')].reverse().join('.');
}

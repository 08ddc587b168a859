import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { AdjustableClock } from '../clock.ts';
import { ImageNotFoundError, ServiceFleet } from './service-fleet.ts';
import type { CloudRunService, Revision } from './service-registry.ts';
import type { RevisionSpec } from './service-spec.ts';
import { StartupError } from './supervisor.ts';

const program = `
  import { createServer } from 'node:http';
  let alive = true;
  createServer((request, response) => {
    if (request.url === '/die') alive = false;
    response.writeHead(request.url === '/live' && !alive ? 500 : 200);
    response.end(process.env.K_REVISION + ' ' + process.env.COLOUR);
  }).listen(process.env.PORT, '0.0.0.0');
`;

function startFleet() {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
  const path = join(folder, 'program.mjs');
  writeFileSync(path, program);
  const notices: string[] = [];
  const clock = new AdjustableClock();
  const fleet = new ServiceFleet({
    clock,
    programOf: (image) => (image === 'good' ? path : undefined),
    environmentOf: async () => ({ COLOUR: 'red' }),
    homeFolder: () => folder,
    onNotice: (sentence) => void notices.push(sentence),
    onServiceLine: () => {},
  });
  onTestFinished(async () => {
    await fleet.stop();
    rmSync(folder, { recursive: true });
  });
  return { fleet, clock, notices };
}

const service = { name: 'receiver' } as CloudRunService;
const revisionOf = (container: Partial<RevisionSpec['containers'][number]> = {}) =>
  ({
    name: 'receiver-00001-abc',
    spec: { timeoutSeconds: 60, containers: [{ image: 'good', ...container }] },
  }) as unknown as Revision;

async function ask(port: number | undefined, path = '/'): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
}

it('starts a revision once, and tells where it listens', async () => {
  const { fleet } = startFleet();
  const revision = revisionOf();
  expect(fleet.instanceOf(revision)).toBeUndefined();
  const started = fleet.start(service, revision);
  expect(fleet.start(service, revision)).toBe(started);
  await started;
  expect(fleet.isUp(revision)).toBe(true);
  expect(await ask(fleet.instanceOf(revision)?.port)).toBe('receiver-00001-abc red');
  expect(fleet.portOf('receiver')).toBe(fleet.instanceOf(revision)?.port);
});

it('cannot start an image that is not there', async () => {
  const { fleet } = startFleet();
  const revision = revisionOf({ image: 'bad' });
  await expect(fleet.start(service, revision)).rejects.toThrow(ImageNotFoundError);
  expect(fleet.isUp(revision)).toBe(false);
});

it('a retired revision answers what is under way, then goes', async () => {
  const { fleet } = startFleet();
  const revision = revisionOf();
  await fleet.start(service, revision);
  const pid = fleet.pidOf('receiver') ?? 0;
  let held: ServerResponse | undefined;
  const server = createServer((_request, response) => {
    held = response;
    fleet.instanceOf(revision)?.serves(response);
    server.emit('held');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const answer = once(get({ port, host: '127.0.0.1', agent: false }), 'response');
  await once(server, 'held');

  const retired = fleet.retire(revision);
  expect(fleet.instanceOf(revision)).toBeUndefined();
  expect(process.kill(pid, 0)).toBe(true);
  held?.end();
  await answer;
  await retired;
  expect(() => process.kill(pid, 0)).toThrow();
});

it('a revision that is retired while it starts never takes requests', async () => {
  const { fleet } = startFleet();
  const revision = revisionOf();
  const started = fleet.start(service, revision);
  const failed = expect(started).rejects.toThrow(StartupError);
  await fleet.retire(revision);
  await failed;
  expect(fleet.isUp(revision)).toBe(false);
});

it('starts nothing any more once it is stopped', async () => {
  const { fleet } = startFleet();
  await fleet.stop();
  await expect(fleet.start(service, revisionOf())).rejects.toThrow(StartupError);
  expect(fleet.pidOf('receiver')).toBeUndefined();
});

it('a container that fails its liveness probe is killed, and started again', async () => {
  const { fleet, clock, notices } = startFleet();
  const livenessProbe = { httpGet: { path: '/live' }, periodSeconds: 1, failureThreshold: 1 };
  const revision = revisionOf({ livenessProbe });
  await fleet.start(service, revision);
  const pid = fleet.pidOf('receiver');
  await ask(fleet.portOf('receiver'), '/die');
  clock.advanceBy(1_000);
  await expect
    .poll(() => notices)
    .toContain('receiver failed its liveness probe 1 times; killing it');
  await expect
    .poll(() => notices.some((notice) => notice.includes('(SIGKILL); starting it again')))
    .toBe(true);
  clock.advanceBy(1_000);
  await expect.poll(() => notices).toContain('receiver is running again');
  expect(fleet.pidOf('receiver')).not.toBe(pid);
});

import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { loadTopology } from '../../deploy/topology.ts';
import { postMessage, type TestCloud, useTestCloud } from '../support/cloud.ts';

const recovery = { timeout: 20_000, interval: 50 };

/** The topology, with room for a few requests only in one of the services. */
function withRoomFor(most: number, service: 'caller' | 'receiver') {
  const topology = loadTopology();
  const found = topology.services[service];
  if (!found) throw new Error(`there is no ${service}`);
  found.environment = { ...found.environment, MAX_IN_FLIGHT: String(most) };
  return topology;
}

const isReady = async (cloud: TestCloud, service: string) =>
  (await fetch(`http://127.0.0.1:${cloud.services.portOf(service)}/health/ready`)).status;

it.each([
  ['caller', 'overloaded', undefined],
  ['receiver', 'receiver_unavailable', 'overloaded'],
] as const)(
  'a full %s says so at once, is not ready, and recovers by itself',
  async (service, code, upstream) => {
    const cloud = await useTestCloud({ topology: withRoomFor(5, service) });
    expect((await postMessage(cloud)).status).toBe(201);
    const pid = cloud.services.pidOf(service);
    cloud.faults.set('pubsub', { kind: 'hang' });
    const waiting = Array.from({ length: 5 }, () => postMessage(cloud));
    await expect.poll(() => isReady(cloud, service), recovery).toBe(503);
    const refused = await postMessage(cloud);
    expect([refused.status, refused.body.code, refused.body.upstream?.code]).toEqual([
      503,
      code,
      upstream,
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

    cloud.faults.clear();
    await Promise.all(waiting);
    await expect.poll(() => isReady(cloud, service), recovery).toBe(200);
    expect((await postMessage(cloud)).status).toBe(201);
    expect(cloud.services.pidOf(service)).toBe(pid);
  },
);

it('a black hole behind it does not fill the memory', async () => {
  const cloud = await useTestCloud();
  expect((await postMessage(cloud)).status).toBe(201);
  cloud.faults.set('pubsub', { kind: 'hang' });
  const burst = () => Promise.all(Array.from({ length: 200 }, () => postMessage(cloud)));
  await burst();
  const before = residentMiB(cloud, 'receiver');
  const answers = await burst();
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  expect(residentMiB(cloud, 'receiver') - before).toBeLessThan(64);
  cloud.faults.clear();
  await expect.poll(async () => (await postMessage(cloud)).status, recovery).toBe(201);
});

it.each(['caller', 'receiver'])(
  'five hundred clients that send too slowly do not keep others from the %s',
  async (service) => {
    const cloud = await useTestCloud();
    const sockets: Socket[] = [];
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    const port = Number(cloud.services.portOf(service));
    await Promise.all(
      Array.from({ length: 500 }, async (_, i) => {
        const socket = connect(port, '127.0.0.1');
        sockets.push(socket);
        socket.on('error', () => {});
        await new Promise((resolve) => socket.once('connect', resolve));
        // Half of them stop in the middle of the headers, half in the middle of the body.
        const head = 'POST /messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
        socket.write(i % 2 === 0 ? head : `${head}Content-Length: 100\r\n\r\n{`);
      }),
    );
    expect((await postMessage(cloud)).status).toBe(201);
    expect(await isReady(cloud, service)).toBe(200);
  },
);

function residentMiB(cloud: TestCloud, service: string): number {
  const pid = cloud.services.pidOf(service);
  const [, kib] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1_024;
}

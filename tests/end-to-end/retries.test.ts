import { expect, it } from 'vitest';
import { postMessage, type TestCloud, useTestCloud } from '../support/cloud.ts';

/**
 * What the receiver may ask of Pub/Sub for one message in the four seconds that it tries: about five
 * times, and the waits between are random. A layer that repeated all this would get beyond it.
 */
const mostAttempts = 12;

it.each([
  ['refuses', { kind: 'unavailable' }],
  ['is a black hole', { kind: 'hang' }],
] as const)(
  'while Pub/Sub %s, one layer retries, and the sender hears of it in time',
  async (_, fault) => {
    const cloud = await useTestCloud();
    expect((await postMessage(cloud)).status).toBe(201);
    cloud.faults.set('pubsub', fault);
    const sentAt = performance.now();
    const answer = await postMessage(cloud);
    expect([answer.status, answer.body.upstream.code]).toEqual([503, 'pubsub_unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(performance.now() - sentAt).toBeLessThan(6_000);
    const attempts = cloud.faults.active().pubsub?.affected;
    await expect.poll(() => requestsTo(cloud, 'receiver')).toBe(2);
    expect(attempts).toBeGreaterThan(1);
    expect(attempts).toBeLessThanOrEqual(mostAttempts);
    cloud.faults.clear();
    await expect.poll(async () => (await postMessage(cloud)).status).toBe(201);
  },
);

it('a hundred messages that fail together cost no more than their own few requests', async () => {
  const cloud = await useTestCloud();
  // Loading Google's client would count against the time that the hundred have.
  expect((await postMessage(cloud)).status).toBe(201);
  cloud.faults.set('pubsub', { kind: 'unavailable' });
  const answers = await Promise.all(Array.from({ length: 100 }, () => postMessage(cloud)));
  expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(503));
  // Together they share requests, so there are far fewer; never more.
  expect(cloud.faults.active().pubsub?.affected).toBeLessThanOrEqual(100 * mostAttempts);
});

/** By the lines of its log. */
function requestsTo(cloud: TestCloud, service: string): number {
  return cloud.lines.filter(
    (line) => line.startsWith(`${service}: `) && line.includes('POST /mess'),
  ).length;
}

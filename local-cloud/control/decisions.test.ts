import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type TestCloud, useTestCloud } from '../../tests/support/cloud.ts';

const events = 'projects/demo-project/topics/events';
const stranger = 'user:stranger@example.com';

/** Makes IAM decide `count` times. */
function decide(cloud: TestCloud, count: number): void {
  const resource = `//pubsub.googleapis.com/${events}`;
  for (let i = 0; i < count; i += 1) {
    cloud.iam.authorize(
      { principal: stranger, permission: 'pubsub.topics.publish', resource },
      'Publish',
    );
  }
}

/** An open event stream, and what came so far. */
async function openStream(url: string, headers: Record<string, string> = {}) {
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  let text = '';
  const waiting = new Set<() => void>();
  const outgoing = request(url, { headers: { accept: 'text/event-stream', ...headers } });
  outgoing.on('error', reject).on('response', (response) => {
    expect(response.headers['content-type']).toBe('text/event-stream');
    response.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      for (const look of waiting) look();
    });
    response.on('error', () => undefined).on('close', closed.resolve);
    resolve();
  });
  outgoing.end();
  onTestFinished(() => void outgoing.destroy());
  await opened;
  const ids = () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  return {
    ids,
    text: () => text,
    closed: closed.promise,
    close: () => outgoing.destroy(),
    /** Resolves when as many events are there. */
    has: (count: number) =>
      new Promise<void>((done) => {
        const look = () => {
          if (ids().length >= count) done();
        };
        waiting.add(look);
        look();
      }),
  };
}

describe('decisions', () => {
  it('are listed after a number', async () => {
    const cloud = await useTestCloud({ startServices: false });
    decide(cloud, 3);
    const listed = async (query: string) =>
      (await (await fetch(`${cloud.controlUrl}/api/decisions${query}`)).json()) as {
        decisions: { sequence: number }[];
        latest: number;
      };
    const { decisions, latest } = await listed('?since=1');
    expect([decisions.map(({ sequence }) => sequence), latest]).toEqual([[2, 3], 3]);
    expect(decisions[0]).toMatchObject({
      action: 'Publish',
      time: expect.any(Number),
      decision: {
        principal: stranger,
        allowed: false,
        reason: expect.stringContaining('has no role with pubsub.topics.publish'),
        closest: { kind: 'other-member' },
        remedy: expect.stringContaining(
          'npm run gcloud -- pubsub topics add-iam-policy-binding events',
        ),
      },
    });
    expect((await listed('?since=3')).decisions).toEqual([]);
    // A number of the time before a restart.
    expect((await listed('?since=1000')).decisions).toHaveLength(3);
    expect((await listed('')).decisions).toHaveLength(3);
  });

  it('are told as they happen, after those before', async () => {
    const cloud = await useTestCloud({ startServices: false });
    decide(cloud, 2);
    const stream = await openStream(`${cloud.controlUrl}/api/decisions?since=1`);
    decide(cloud, 1);
    await stream.has(2);
    expect(stream.ids()).toEqual([2, 3]);
    const [, data = ''] = /^event: decision\ndata: (.*)$/m.exec(stream.text()) ?? [];
    expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(cloud.decisions.since(1)[0])));
  });

  it('go on after the last one that the client has seen', async () => {
    const cloud = await useTestCloud({ startServices: false });
    decide(cloud, 4);
    const url = `${cloud.controlUrl}/api/decisions?since=1`;
    const stream = await openStream(url, { 'last-event-id': '3' });
    decide(cloud, 1);
    await stream.has(2);
    expect(stream.ids()).toEqual([4, 5]);
    const restarted = await openStream(url, { 'last-event-id': '999' });
    await restarted.has(5);
    expect(restarted.ids()).toEqual([1, 2, 3, 4, 5]);
  });

  it('all reach the reader in order, however fast they come', async () => {
    const cloud = await useTestCloud({ startServices: false });
    const stream = await openStream(`${cloud.controlUrl}/api/decisions`);
    decide(cloud, 900);
    await stream.has(900);
    expect(stream.ids()).toEqual(Array.from({ length: 900 }, (_, i) => i + 1));
  });

  it('end with the local cloud', async () => {
    const cloud = await useTestCloud({ startServices: false });
    const stream = await openStream(`${cloud.controlUrl}/api/decisions`);
    await cloud.stop();
    await stream.closed;
  });
});

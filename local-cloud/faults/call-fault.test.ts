import { type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { useTestCloud } from '../../tests/support/cloud.ts';
import { runNode } from '../../tests/support/network.ts';
import {
  type PubsubFixture,
  startPubsubFixture,
  subscriptionName,
  topicName,
} from '../../tests/support/pubsub-fixture.ts';
import { Faults } from './faults.ts';

/** With the official client: Google's generated one where its retries would hide the fault. */
let fixture: PubsubFixture;
let faults: Faults;
const topic = topicName();
beforeAll(async () => {
  fixture = await startPubsubFixture({
    aroundCall: (method, proceed) => faults.pubsub(method, proceed),
  });
  faults = new Faults({ clock: fixture.clock });
  fixture.broker.createTopic({ name: topic });
  fixture.broker.createSubscription({ name: subscriptionName(), topic });
});
afterAll(() => fixture.stop());
afterEach(() => faults.clear());

const published = () => fixture.broker.messagesOf(topic).length;
const publishOnce = () =>
  fixture
    .apiOf()
    .publisher.publish({ topic, messages: [{ data: Buffer.from('x') }] }, { retry: null });
const publishWithRetries = () =>
  fixture
    .clientOf()
    .topic(topic)
    .publishMessage({ data: Buffer.from('x') });
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => status.OK,
    (error: ServiceError) => error.code,
  );
const hasHit = (times: number) =>
  vi.waitFor(() => expect(faults.active().pubsub?.affected).toBe(times));

describe('Pub/Sub', () => {
  it.each(['UNAVAILABLE', 'RESOURCE_EXHAUSTED', 'NOT_FOUND', 'PERMISSION_DENIED'] as const)(
    'refuses with %s, then works again',
    async (code) => {
      const before = published();
      faults.set('pubsub', { kind: 'unavailable', status: code });
      expect(await codeOf(publishOnce())).toBe(status[code]);
      expect(published()).toBe(before);
      faults.remove('pubsub');
      expect(await codeOf(publishOnce())).toBe(status.OK);
    },
  );

  it('fails twice, and the client gets through with its third try', async () => {
    faults.set('pubsub', { kind: 'unavailable', times: 2 });
    expect(await publishWithRetries()).toMatch(/^\d+$/);
    expect(faults.active().pubsub).toMatchObject({ affected: 2 });
  });

  it('hangs until the fault goes', async () => {
    faults.set('pubsub', { kind: 'hang' });
    const before = published();
    const hanging = codeOf(publishOnce());
    await hasHit(1);
    faults.remove('pubsub');
    expect(await hanging).toBe(status.UNAVAILABLE);
    expect(published()).toBe(before);
  });

  it('is slow by the clock', async () => {
    faults.set('pubsub', { kind: 'slow', delayMs: 600_000 });
    const slow = codeOf(publishOnce());
    await hasHit(1);
    fixture.clock.advanceBy(600_000);
    expect(await slow).toBe(status.OK);
  });

  it('executes and loses the answer: the client tries again, and the message is there twice', async () => {
    faults.set('pubsub', { kind: 'lost-answer', times: 1 });
    const before = published();
    await publishWithRetries();
    expect(published()).toBe(before + 2);
  });

  it('answers nothing sensible', async () => {
    faults.set('pubsub', { kind: 'garbage' });
    const before = published();
    const [answer] = await publishOnce();
    expect([answer.messageIds, published()]).toEqual([[], before]);
  });

  it('delivers no message to a stream that has gone while it was kept waiting', async () => {
    faults.set('pubsub', { kind: 'slow', delayMs: 600_000, times: 1 });
    const { subscriber } = fixture.apiOf();
    const subscription = subscriptionName();
    const stream = subscriber.streamingPull();
    stream.on('error', () => undefined);
    stream.write({ subscription, streamAckDeadlineSeconds: 10 });
    await hasHit(1);
    stream.cancel();
    // On the same connection: when this is answered, the server knows that the stream has gone.
    await subscriber.getSubscription({ subscription });
    faults.clear();
    await publishOnce();
    const [answer] = await subscriber.pull({ subscription, maxMessages: 100 });
    expect(answer.receivedMessages?.length).toBe(published());
  });
});

it('cuts the connections of its clients, which come back', async () => {
  const cloud = await useTestCloud({ startServices: false });
  cloud.faults.set('pubsub', { kind: 'reset', times: 1 });
  const script = `
    import { v1 } from '${import.meta.resolve('@google-cloud/pubsub')}';
    const client = new v1.PublisherClient();
    const list = () => client.listTopics({ project: 'projects/demo-project' }, { retry: null });
    const failure = await list().then(() => 'none', (error) => error.code);
    const [topics] = await list();
    console.log(failure, topics.length);
  `;
  const { stdout, stderr } = await runNode(script, cloud.developerEnvironment);
  expect([stdout, stderr]).toEqual(['14 1\n', '']);
});

it('fails over REST as over gRPC', async () => {
  const cloud = await useTestCloud({ startServices: false });
  const url = 'http://pubsub.googleapis.com/v1/projects/demo-project/topics';
  const script = `
    import { request } from 'node:http';
    const ask = () => new Promise((resolve) => {
      const { hostname: host, port } = new URL('${cloud.proxyUrl}');
      request({ host, port, path: '${url}' }, (response) => resolve(response.resume().statusCode))
        .on('error', (error) => resolve(error.code)).end();
    });
    console.log(await ask());
  `;
  const outcome = async () => (await runNode(script, {})).stdout.trim();
  expect(await outcome()).toBe('401');
  cloud.faults.set('pubsub', { kind: 'unavailable', status: 'RESOURCE_EXHAUSTED' });
  expect(await outcome()).toBe('429');
  cloud.faults.set('pubsub', { kind: 'reset' });
  expect(await outcome()).toBe('ECONNRESET');
});

import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type PubsubFixture,
  projectName,
  startPubsubFixture,
  subscriptionName,
  topicName,
} from '../../tests/support/pubsub-fixture.ts';
import { ApiError } from '../network/api-error.ts';
import type { CallHook } from './grpc/call-context.ts';

const subscription = subscriptionName();
const topic = topicName();
let fixture: PubsubFixture;
let aroundCall: CallHook;
beforeEach(async () => {
  aroundCall = (_, proceed) => proceed();
  fixture = await startPubsubFixture({ aroundCall: (...call) => aroundCall(...call) });
  fixture.broker.createTopic({ name: topic });
  fixture.broker.createSubscription({ name: subscription, topic });
});
afterEach(() => fixture.stop());

describe('what is not implemented says so', () => {
  type Api = ReturnType<PubsubFixture['apiOf']>;
  test.each<[string, (api: Api) => Promise<unknown>]>([
    ['Seek', ({ subscriber }) => subscriber.seek({ subscription })],
    ['CreateSnapshot', ({ subscriber }) => subscriber.createSnapshot({ subscription })],
    ['ListSnapshots', ({ subscriber }) => subscriber.listSnapshots({ project: projectName })],
    [
      'ModifyPushConfig',
      ({ subscriber }) => subscriber.modifyPushConfig({ subscription, pushConfig: {} }),
    ],
    ['DetachSubscription', ({ publisher }) => publisher.detachSubscription({ subscription })],
    ['ListTopicSnapshots', ({ publisher }) => publisher.listTopicSnapshots({ topic })],
  ])('%s', async (method, call) => {
    await expect(call(fixture.apiOf())).rejects.toMatchObject({
      code: 12,
      details: expect.stringContaining(method),
    });
  });

  test.each([
    '/google.pubsub.v1.SchemaService/ListSchemas',
    '/google.pubsub.v1.Publisher/Unheard',
    '/google.storage.v2.Storage/GetObject',
  ])('%s', async (path) => {
    const client = new Client(
      `localhost:${fixture.port}`,
      credentials.createSsl(Buffer.from(fixture.caPem)),
    );
    const pass = (bytes: Buffer) => bytes;
    const failed = new Promise((resolve) => {
      client.makeUnaryRequest(path, pass, pass, Buffer.of(), new Metadata(), resolve);
    });
    await expect(failed).resolves.toMatchObject({
      code: 12,
      details: `The server does not implement the method ${path}`,
    });
    client.close();
  });

  test('a setting that would change what is delivered', async () => {
    const { subscriber } = fixture.apiOf();
    await expect(
      subscriber.createSubscription({
        name: subscriptionName('filtered'),
        topic,
        filter: 'attributes:a',
      }),
    ).rejects.toMatchObject({
      code: 12,
      details: 'The local cloud does not implement the setting filter.',
    });
  });
});

describe('settings over the wire', () => {
  test('of a topic are stored and returned', async () => {
    const { publisher } = fixture.apiOf();
    const settings = {
      name: topicName('settings'),
      labels: { team: 'a' },
      messageRetentionDuration: { seconds: 600, nanos: 0 },
      messageStoragePolicy: {
        allowedPersistenceRegions: ['europe-west1'],
        enforceInTransit: true,
      },
    };
    await publisher.createTopic(settings);
    const [read] = await publisher.getTopic({ topic: settings.name });
    expect(read).toMatchObject({
      ...settings,
      messageRetentionDuration: { seconds: '600', nanos: 0 },
      state: 'ACTIVE',
    });
  });

  test('of a subscription are stored, returned and updated', async () => {
    const { subscriber } = fixture.apiOf();
    const name = subscriptionName('settings');
    await subscriber.createSubscription({
      name,
      topic,
      ackDeadlineSeconds: 30,
      enableMessageOrdering: true,
      retryPolicy: { minimumBackoff: { seconds: 5 } },
      expirationPolicy: {},
    });
    const [updated] = await subscriber.updateSubscription({
      subscription: { name, labels: { team: 'a' } },
      updateMask: { paths: ['labels'] },
    });
    expect(updated).toMatchObject({
      name,
      topic,
      ackDeadlineSeconds: 30,
      enableMessageOrdering: true,
      retryPolicy: { minimumBackoff: { seconds: '5' } },
      labels: { team: 'a' },
      expirationPolicy: { ttl: null },
      messageRetentionDuration: { seconds: '604800' },
      state: 'ACTIVE',
    });
  });

  test('are listed in pages', async () => {
    const { publisher } = fixture.apiOf();
    for (const id of ['aaa', 'bbb']) fixture.broker.createTopic({ name: topicName(id) });
    const onePage = { autoPaginate: false };
    const request = { project: projectName, pageSize: 2 };
    const [first, next] = await publisher.listTopics(request, onePage);
    const [second, none] = await publisher.listTopics(next ?? request, onePage);
    expect([first, second].map((topics) => topics.map(({ name }) => name))).toEqual([
      [topicName('aaa'), topicName('bbb')],
      [topic],
    ]);
    expect(none).toBeNull();
  });
});

describe('limits over the wire', () => {
  test.each([
    ['request', { topic, messages: [{ data: Buffer.alloc(10_000_001) }] }, 'request_size'],
    ['key', { topic, messages: [{ attributes: { google: 'a' } }] }, '(key=google)'],
    ['topic name', { topic: 'events', messages: [] }, '(name=events)'],
  ])('%s', async (_, request, text) => {
    await expect(fixture.apiOf().publisher.publish(request)).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining(text),
    });
  });

  test('10 MB arrive and leave', async () => {
    const { publisher, subscriber } = fixture.apiOf();
    const data = Buffer.alloc(9_999_900, 'x');
    await publisher.publish({ topic, messages: [{ data }] });
    const [answer] = await subscriber.pull({ subscription, maxMessages: 1 });
    expect(answer.receivedMessages?.[0]?.message?.data).toHaveLength(data.length);
  });

  test('an acknowledgement above 512 KiB is refused', async () => {
    const ackIds = Array.from({ length: 30_000 }, (_, index) => `unknown-ack-id-${index}`);
    await expect(
      fixture.apiOf().subscriber.acknowledge({ subscription, ackIds }),
    ).rejects.toMatchObject({
      code: 3,
      details: 'Request payload size exceeds the limit: 524288 bytes.',
    });
  });
});

describe('the hook around calls', () => {
  const publish = () =>
    fixture
      .apiOf()
      .publisher.publish({ topic, messages: [{ data: Buffer.from('x') }] }, { retry: null });

  test('can refuse', async () => {
    aroundCall = async (method) => {
      throw new ApiError('UNAVAILABLE', `no ${method}`);
    };
    await expect(publish()).rejects.toMatchObject({
      code: 14,
      details: 'no google.pubsub.v1.Publisher.Publish',
    });
    expect(fixture.broker.messagesOf(topic)).toHaveLength(0);
  });

  test('can execute and lose the answer', async () => {
    aroundCall = async (_, proceed) => {
      await proceed();
      throw new ApiError('UNAVAILABLE', 'cut');
    };
    await expect(publish()).rejects.toMatchObject({ code: 14 });
    expect(fixture.broker.messagesOf(topic)).toHaveLength(1);
  });

  test('can refuse a stream', async () => {
    aroundCall = async () => {
      throw new ApiError('UNAVAILABLE', 'no stream');
    };
    const stream = fixture.apiOf().subscriber.streamingPull();
    const ended = new Promise((_resolve, reject) => stream.on('error', reject));
    stream.write({ subscription, streamAckDeadlineSeconds: 10 });
    await expect(ended).rejects.toMatchObject({ code: 14 });
  });
});

test('a defect is INTERNAL and reported, without a word of it to the client', async () => {
  const defects: unknown[] = [];
  const other = await startPubsubFixture({
    onDefect: (_, error) => defects.push(error),
    aroundCall: async () => {
      throw new TypeError('secret');
    },
  });
  try {
    await expect(
      other.apiOf().publisher.getTopic({ topic }, { retry: null }),
    ).rejects.toMatchObject({ code: 13, details: expect.not.stringContaining('secret') });
    expect(defects).toEqual([new TypeError('secret')]);
  } finally {
    await other.stop();
  }
});

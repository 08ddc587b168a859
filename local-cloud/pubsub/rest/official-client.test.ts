import { v1 } from '@google-cloud/pubsub';
import { OAuth2Client } from 'google-auth-library';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  admin,
  projectName,
  subscriptionName,
  topicName,
} from '../../../tests/support/pubsub-fixture.ts';
import { startPubsubRest } from '../../../tests/support/pubsub-rest.ts';

const topic = topicName();
const subscription = subscriptionName();

type Api = { publisher: v1.PublisherClient; subscriber: v1.SubscriberClient };
let pubsub: Awaited<ReturnType<typeof startPubsubRest>>;
let rest: Api;
let grpc: Api;

/** Google's own client speaks both, each with its own idea of JSON: what one writes the other must read. */
beforeAll(async () => {
  pubsub = await startPubsubRest();
  grpc = pubsub.apiOf();
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: pubsub.tokenOf(admin) });
  const { hostname, port } = new URL(pubsub.url);
  const config = {
    fallback: true,
    protocol: 'http',
    servicePath: hostname,
    port: Number(port),
    authClient,
  };
  rest = {
    publisher: new v1.PublisherClient(config),
    subscriber: new v1.SubscriberClient(config),
  };
});
afterAll(async () => {
  await Promise.all([rest.publisher.close(), rest.subscriber.close()]);
  await pubsub.stop();
});
afterEach(() => pubsub.broker.deleteTopic(topic));

const directions: [name: string, pair: () => { writer: Api; reader: Api }][] = [
  ['REST is read over gRPC', () => ({ writer: rest, reader: grpc })],
  ['gRPC is read over REST', () => ({ writer: grpc, reader: rest })],
];

describe.each(directions)('what is written over %s', (_name, pair) => {
  test('topics', async () => {
    const { writer, reader } = pair();
    const [created] = await writer.publisher.createTopic({
      name: topic,
      labels: { team: 'a', empty: '' },
      messageRetentionDuration: { seconds: 700, nanos: 5_000_000 },
      messageStoragePolicy: { allowedPersistenceRegions: ['europe-west1'], enforceInTransit: true },
    });
    expect(created.messageRetentionDuration).toEqual({ seconds: '700', nanos: 5_000_000 });
    const [read] = await reader.publisher.getTopic({ topic });
    expect(read).toEqual(created);
    const [updated] = await writer.publisher.updateTopic({
      topic: { name: topic, labels: {}, messageRetentionDuration: { seconds: 800 } },
      updateMask: { paths: ['labels', 'message_retention_duration'] },
    });
    const [listed] = await reader.publisher.listTopics({ project: projectName });
    expect(listed).toEqual([updated]);
    expect(updated).toMatchObject({
      labels: {},
      messageStoragePolicy: created.messageStoragePolicy,
    });
  });

  test('subscriptions', async () => {
    const { writer, reader } = pair();
    await writer.publisher.createTopic({ name: topic });
    const [created] = await writer.subscriber.createSubscription({
      name: subscription,
      topic,
      ackDeadlineSeconds: 20,
      enableMessageOrdering: true,
      expirationPolicy: {},
      retainAckedMessages: true,
      retryPolicy: { minimumBackoff: { seconds: 1, nanos: 500_000_000 } },
    });
    expect(created).toMatchObject({
      expirationPolicy: { ttl: null },
      retryPolicy: { minimumBackoff: { seconds: '1', nanos: 500_000_000 }, maximumBackoff: null },
    });
    const [read] = await reader.subscriber.getSubscription({ subscription });
    expect(read).toEqual(created);
    const [names] = await reader.publisher.listTopicSubscriptions({ topic });
    expect(names).toEqual([subscription]);
    await writer.subscriber.deleteSubscription({ subscription });
    await expect(reader.subscriber.getSubscription({ subscription })).rejects.toMatchObject({
      code: 5,
      message: expect.stringContaining('Resource not found (resource=worker).'),
    });
  });

  test('messages', async () => {
    const { writer, reader } = pair();
    await writer.publisher.createTopic({ name: topic });
    await writer.subscriber.createSubscription({ name: subscription, topic });
    const data = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const attributes = { a: '', ключ: 'значение "1"\n' };
    const messages = [
      { data, attributes, orderingKey: 'k' },
      { data: Buffer.from('x'), orderingKey: 'k' },
    ];
    const [{ messageIds }] = await writer.publisher.publish({ topic, messages });
    const pull = (api: Api) => api.subscriber.pull({ subscription, maxMessages: 10 });
    const [{ receivedMessages }] = await pull(reader);
    expect(receivedMessages).toMatchObject([
      { message: { data, attributes, orderingKey: 'k', messageId: messageIds?.[0] } },
      { message: { data: Buffer.from('x'), attributes: {}, messageId: messageIds?.[1] } },
    ]);

    const ackIds = receivedMessages?.map(({ ackId }) => ackId ?? '') ?? [];
    await reader.subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 });
    const [again] = await pull(writer);
    expect(again.receivedMessages?.map(({ message }) => message)).toEqual(
      receivedMessages?.map(({ message }) => message),
    );
    await writer.subscriber.deleteSubscription({ subscription });
  });
});

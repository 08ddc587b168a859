import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Message, SubscriptionOptions } from '@google-cloud/pubsub';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type PubsubFixture,
  startPubsubFixture,
  subscriptionName,
  topicName,
} from '../../tests/support/pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeEach(async () => {
  fixture = await startPubsubFixture();
  fixture.broker.createTopic({ name: topicName() });
});
afterEach(() => fixture.stop());

/** Listens with the official client, and lets tests wait for the n-th message. */
function listen(client: PubsubFixture, options: SubscriptionOptions = {}) {
  const subscription = client.clientOf().subscription('worker', options);
  const received: Message[] = [];
  let noted = () => {};
  const handle = { onMessage: (_message: Message) => {} };
  subscription.on('message', (message: Message) => {
    received.push(message);
    handle.onMessage(message);
    noted();
  });
  return {
    subscription,
    received,
    handle,
    texts: () => received.map(({ data }) => data.toString()),
    async count(n: number) {
      while (received.length < n) {
        await new Promise<void>((resolve) => {
          noted = resolve;
        });
      }
    },
  };
}

function createSubscription(settings: object = {}) {
  fixture.broker.createSubscription({ name: subscriptionName(), topic: topicName(), ...settings });
  return fixture.broker.subscription(subscriptionName()).queue;
}

describe('the official client', () => {
  test('creates, publishes, receives and acknowledges', async () => {
    const client = fixture.clientOf();
    const [topic] = await client.createTopic('other');
    const [subscription] = await topic.createSubscription('other-worker');
    const id = await topic.publishMessage({ data: Buffer.from('hello'), attributes: { a: 'b' } });

    const message = await new Promise<Message>((resolve) => {
      subscription.on('message', (received: Message) => {
        received.ack();
        resolve(received);
      });
    });
    // Sends the acknowledgements that the client has gathered.
    await subscription.close();

    expect(message).toMatchObject({ id, attributes: { a: 'b' }, orderingKey: '' });
    expect(message.data.toString()).toBe('hello');
    expect(message.publishTime.getTime()).toBeCloseTo(fixture.clock.now(), -4);
    expect(fixture.broker.subscription(subscription.name).queue.length).toBe(0);
  });

  test('gets a message again after a nack', async () => {
    createSubscription();
    const worker = listen(fixture, { batching: { maxMessages: 1 } });
    worker.handle.onMessage = (message) =>
      worker.received.length === 1 ? message.nack() : message.ack();
    await fixture
      .clientOf()
      .topic('events')
      .publishMessage({ data: Buffer.from('again') });

    await worker.count(2);
    await worker.subscription.close();
    expect(worker.texts()).toEqual(['again', 'again']);
    expect(worker.received[0]?.ackId).not.toBe(worker.received[1]?.ackId);
  });

  test('gets a message again when its deadline has passed', async () => {
    createSubscription();
    const worker = listen(fixture);
    await fixture
      .clientOf()
      .topic('events')
      .publishMessage({ data: Buffer.from('late') });
    await worker.count(1);
    fixture.clock.advanceBy(60_000);
    await worker.count(2);
    for (const message of worker.received) message.ack();
    await worker.subscription.close();
    expect(worker.texts()).toEqual(['late', 'late']);
  });

  test('receives an ordering key in order, again from the message that failed', async () => {
    createSubscription({ enableMessageOrdering: true });
    const topic = fixture.clientOf().topic('events', { messageOrdering: true });
    const worker = listen(fixture, { batching: { maxMessages: 1 } });
    let failures = 0;
    worker.handle.onMessage = (message) => {
      const fails = message.data.toString() === '3' && failures === 0;
      failures += fails ? 1 : 0;
      if (fails) message.nack();
      else message.ack();
    };
    const texts = ['1', '2', '3', '4', '5'];
    await Promise.all(
      texts.map((text) => topic.publishMessage({ data: Buffer.from(text), orderingKey: 'k' })),
    );
    const { queue } = fixture.broker.subscription(subscriptionName());
    while (queue.length > 0) await turn();
    await worker.subscription.close();
    const firstThree = worker.texts().indexOf('3');
    expect(worker.texts().slice(0, firstThree + 1)).toEqual(['1', '2', '3']);
    expect(worker.texts().slice(worker.texts().lastIndexOf('3'))).toEqual(['3', '4', '5']);
  });

  test('is given no more than its flow control allows', async () => {
    const queue = createSubscription();
    const worker = listen(fixture, {
      flowControl: { maxMessages: 2, allowExcessMessages: false },
      streamingOptions: { maxStreams: 1 },
      batching: { maxMessages: 1 },
    });
    const topic = fixture.clientOf().topic('events', { batching: { maxMessages: 4 } });
    const texts = ['1', '2', '3', '4'];
    await Promise.all(texts.map((text) => topic.publishMessage({ data: Buffer.from(text) })));
    await worker.count(2);
    expect(worker.texts()).toEqual(['1', '2']);
    worker.handle.onMessage = (message) => message.ack();
    for (const message of [...worker.received]) message.ack();
    await worker.count(4);
    while (queue.length > 0) await turn();
    await worker.subscription.close();
    expect(worker.texts()).toEqual(texts);
  });

  test('hears that the subscription is gone', async () => {
    createSubscription();
    const worker = listen(fixture);
    await fixture
      .clientOf()
      .topic('events')
      .publishMessage({ data: Buffer.from('x') });
    await worker.count(1);
    const failed = once(worker.subscription, 'error');
    fixture.broker.deleteSubscription(subscriptionName());
    expect(await failed).toMatchObject([{ code: 5 }]);
  });
});

test('two servers side by side do not know each other', async () => {
  const other = await startPubsubFixture();
  try {
    other.broker.createTopic({ name: topicName() });
    await fixture
      .clientOf()
      .topic('events')
      .publishMessage({ data: Buffer.from('here') });
    expect(fixture.broker.messagesOf(topicName())).toHaveLength(1);
    expect(other.broker.messagesOf(topicName())).toHaveLength(0);
  } finally {
    await other.stop();
  }
});

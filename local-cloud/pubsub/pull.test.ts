import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type PubsubFixture,
  startPubsubFixture,
  subscriptionName,
  topicName,
} from '../../tests/support/pubsub-fixture.ts';

const subscription = subscriptionName();
const topic = topicName();
let fixture: PubsubFixture;
beforeEach(async () => {
  fixture = await startPubsubFixture();
  fixture.broker.createTopic({ name: topic });
  fixture.broker.createSubscription({ name: subscription, topic });
});
afterEach(() => fixture.stop());

const publish = (text: string) =>
  fixture.broker.publish(
    topic,
    [{ data: Buffer.from(text), attributes: {}, orderingKey: '' }],
    'user:publisher@example.com',
  );
/** Resolves when the call has been let in. */
function nextDecision(): Promise<void> {
  return new Promise((resolve) => {
    const stop = fixture.iam.decisions.onDecision(() => {
      stop();
      resolve();
    });
  });
}

describe('Pull', () => {
  test('answers at most what was asked for', async () => {
    for (const text of ['1', '2', '3']) publish(text);
    const { subscriber } = fixture.apiOf();
    const [answer] = await subscriber.pull({ subscription, maxMessages: 2 });
    expect(answer.receivedMessages?.map(({ message }) => String(message?.data))).toEqual([
      '1',
      '2',
    ]);
    expect(answer.receivedMessages?.[0]?.deliveryAttempt).toBe(0);
  });

  test('waits for a message', async () => {
    const { subscriber } = fixture.apiOf();
    const letIn = nextDecision();
    const pulled = subscriber.pull({ subscription, maxMessages: 10 });
    await letIn;
    publish('came later');
    const [answer] = await pulled;
    expect(answer.receivedMessages).toHaveLength(1);
  });

  test('answers nothing after a while', async () => {
    const { subscriber } = fixture.apiOf();
    const letIn = nextDecision();
    const pulled = subscriber.pull({ subscription, maxMessages: 10 });
    await letIn;
    fixture.clock.advanceBy(10_000);
    const [answer] = await pulled;
    expect(answer.receivedMessages).toEqual([]);
  });

  test('leases nothing to a client that has gone', async () => {
    const { subscriber } = fixture.apiOf();
    const letIn = nextDecision();
    const gone = subscriber.pull({ subscription, maxMessages: 10 }, { timeout: 100, retry: null });
    await letIn;
    await expect(gone).rejects.toMatchObject({ code: 4 });
    const [empty] = await subscriber.pull({
      subscription,
      maxMessages: 1,
      returnImmediately: true,
    });
    expect(empty.receivedMessages).toEqual([]);
    publish('for the next one');
    const [answer] = await subscriber.pull({ subscription, maxMessages: 10 });
    expect(answer.receivedMessages).toHaveLength(1);
  });

  test.each([0, -1])('refuses max_messages %d', async (maxMessages) => {
    const { subscriber } = fixture.apiOf();
    await expect(subscriber.pull({ subscription, maxMessages })).rejects.toMatchObject({ code: 3 });
  });

  test('messages are acknowledged, and come again after a deadline of 0', async () => {
    publish('1');
    publish('2');
    const { subscriber } = fixture.apiOf();
    const [first] = await subscriber.pull({ subscription, maxMessages: 2 });
    const [one = '', two = ''] = (first.receivedMessages ?? []).map(({ ackId }) => ackId ?? '');
    await subscriber.acknowledge({ subscription, ackIds: [one] });
    await subscriber.modifyAckDeadline({ subscription, ackIds: [two], ackDeadlineSeconds: 0 });
    const [second] = await subscriber.pull({ subscription, maxMessages: 2 });
    expect(second.receivedMessages?.map(({ message }) => String(message?.data))).toEqual(['2']);
  });

  test.each([-1, 601])('refuses a deadline of %d s', async (ackDeadlineSeconds) => {
    const { subscriber } = fixture.apiOf();
    await expect(
      subscriber.modifyAckDeadline({ subscription, ackIds: ['a'], ackDeadlineSeconds }),
    ).rejects.toMatchObject({ code: 3 });
  });
});

describe('StreamingPull', () => {
  const first = { subscription, streamAckDeadlineSeconds: 10 };

  test.each<[string, object[], number]>([
    ['no subscription in the first request', [{ streamAckDeadlineSeconds: 10 }], 3],
    ['a stream ack deadline of 9 s', [{ subscription, streamAckDeadlineSeconds: 9 }], 3],
    ['a second subscription', [first, { subscription }], 3],
    ['flow control in a later request', [first, { maxOutstandingMessages: 5 }], 3],
    ['more deadlines than ack ids', [first, { modifyDeadlineSeconds: [10] }], 3],
    [
      'a negative deadline',
      [first, { modifyDeadlineSeconds: [-1], modifyDeadlineAckIds: ['a'] }],
      3,
    ],
    [
      'a subscription that does not exist',
      [{ ...first, subscription: subscriptionName('none') }],
      5,
    ],
  ])('ends with an error for %s', async (_, requests, code) => {
    const stream = fixture.apiOf().subscriber.streamingPull();
    const ended = new Promise((_resolve, reject) => stream.on('error', reject));
    stream.on('data', () => {});
    for (const request of requests) stream.write(request);
    await expect(ended).rejects.toMatchObject({ code });
  });

  test('answers signs of life, takes acknowledgements, and ends when the client does', async () => {
    const stream = fixture.apiOf().subscriber.streamingPull();
    const answers: { receivedMessages: { ackId: string }[] }[] = [];
    let noted = () => {};
    stream.on('data', (answer) => {
      answers.push(answer);
      noted();
    });
    const answered = async (count: number) => {
      while (answers.length < count) {
        await new Promise<void>((resolve) => {
          noted = resolve;
        });
      }
    };
    stream.write(first);
    await answered(1);
    stream.write({});
    await answered(2);
    publish('1');
    await answered(3);
    const [message] = answers[2]?.receivedMessages ?? [];
    stream.write({ ackIds: [message?.ackId] });
    const ended = new Promise((resolve) => stream.on('end', resolve));
    stream.end();
    await ended;
    expect(answers.slice(0, 2).map(({ receivedMessages }) => receivedMessages)).toEqual([[], []]);
    expect(fixture.broker.subscription(subscription).queue.length).toBe(0);
  });

  test('is ended with UNAVAILABLE when the server stops', async () => {
    const stream = fixture.apiOf().subscriber.streamingPull();
    const ended = new Promise((_resolve, reject) => stream.on('error', reject));
    const opened = new Promise((resolve) => stream.once('data', resolve));
    stream.write(first);
    await opened;
    const pulled = fixture.apiOf().subscriber;
    const letIn = nextDecision();
    const waiting = pulled.pull({ subscription, maxMessages: 1 }, { retry: null });
    await letIn;
    await Promise.all([
      expect(ended).rejects.toMatchObject({ code: 14 }),
      expect(waiting).rejects.toMatchObject({ code: 14 }),
      fixture.server.stop(),
    ]);
  });
});

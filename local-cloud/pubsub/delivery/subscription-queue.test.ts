import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { AdjustableClock } from '../../clock.ts';
import { ApiError } from '../../network/api-error.ts';
import type { PublishedMessage } from '../broker/message.ts';
import type { BoundReached } from './backlog-bounds.ts';
import { Consumer } from './consumer.ts';
import type { LeasedMessage } from './delivery.ts';
import { MemoryBudget } from './memory-budget.ts';
import { type DeliverySettings, SubscriptionQueue } from './subscription-queue.ts';

const minute = 60_000;
let clock: AdjustableClock;
let boundsReached: BoundReached[];
beforeEach(() => {
  clock = new AdjustableClock();
  boundsReached = [];
});

function queueWith(
  settings: Partial<DeliverySettings> = {},
  { maxMessages = 1000, memory = new MemoryBudget(1e9) } = {},
) {
  let ackIds = 0;
  return new SubscriptionQueue({
    name: 'projects/p/subscriptions/s',
    settings: {
      ackDeadlineSeconds: 10,
      retentionMs: 7 * 24 * 60 * minute,
      isOrdered: false,
      backoff: undefined,
      ...settings,
    },
    clock,
    memory,
    maxMessages,
    nextAckId: () => {
      ackIds += 1;
      return `ack-${ackIds}`;
    },
    onBoundReached: (event) => boundsReached.push(event),
  });
}

function message(id: string, orderingKey = '', size = 1): PublishedMessage {
  return {
    id,
    data: Buffer.alloc(size),
    attributes: {},
    orderingKey,
    publishTimeMs: clock.now(),
    publisher: 'user:publisher@example.com',
    size,
  };
}

function consumer(maxMessages = 0, maxBytes = 0) {
  const batches: LeasedMessage[][] = [];
  const ended: ApiError[] = [];
  const made = new Consumer({
    maxOutstandingMessages: maxMessages,
    maxOutstandingBytes: maxBytes,
    isReady: () => true,
    deliver: (batch) => batches.push([...batch]),
    end: (error) => ended.push(error),
  });
  return Object.assign(made, { batches, ended });
}

const idsOf = (batch: readonly LeasedMessage[]) => batch.map((leased) => leased.message.id);
const takeAll = (queue: SubscriptionQueue) => idsOf(queue.take(consumer()));

describe('a message', () => {
  test('is leased to one consumer until its deadline, then comes again', () => {
    const queue = queueWith();
    queue.add(message('1'));
    expect(takeAll(queue)).toEqual(['1']);
    clock.advanceBy(9000);
    expect(takeAll(queue)).toEqual([]);
    clock.advanceBy(1000);
    expect(takeAll(queue)).toEqual(['1']);
  });

  test('is gone once it is acknowledged', () => {
    const queue = queueWith();
    queue.add(message('1'));
    queue.acknowledge(queue.take(consumer()).map(({ ackId }) => ackId));
    clock.advanceBy(minute);
    expect(queue.length).toBe(0);
    expect(takeAll(queue)).toEqual([]);
  });

  test('is not acknowledged by an id whose lease has ended', () => {
    const queue = queueWith();
    queue.add(message('1'));
    const [leased] = queue.take(consumer());
    clock.advanceBy(10_000);
    queue.acknowledge([leased?.ackId ?? '']);
    expect(takeAll(queue)).toEqual(['1']);
  });

  test.each([
    { seconds: 0, afterMs: 0 },
    { seconds: 5, afterMs: 5000 },
    { seconds: 600, afterMs: 600_000 },
  ])('comes again $afterMs ms after its deadline is set to $seconds s', ({ seconds, afterMs }) => {
    const queue = queueWith();
    queue.add(message('1'));
    const [leased] = queue.take(consumer());
    queue.modifyAckDeadline(leased?.ackId ?? '', seconds);
    if (afterMs > 0) {
      clock.advanceBy(afterMs - 1000);
      expect(takeAll(queue)).toEqual([]);
      clock.advanceBy(1000);
    }
    expect(takeAll(queue)).toEqual(['1']);
  });

  test('rests between deliveries if there is a retry policy, longer each time', () => {
    const queue = queueWith({ backoff: { minimumMs: 10_000, maximumMs: 15_000 } });
    queue.add(message('1'));
    for (const restMs of [10_000, 15_000, 15_000]) {
      const [leased] = queue.take(consumer());
      queue.modifyAckDeadline(leased?.ackId ?? '', 0);
      clock.advanceBy(restMs - 1000);
      expect(takeAll(queue)).toEqual([]);
      clock.advanceBy(1000);
    }
    expect(takeAll(queue)).toEqual(['1']);
  });

  test('is dropped at the end of the retention, also while it is out', () => {
    const queue = queueWith({ retentionMs: 10 * minute });
    queue.add(message('1'));
    const [leased] = queue.take(consumer());
    queue.modifyAckDeadline(leased?.ackId ?? '', 600);
    clock.advanceBy(minute);
    queue.add(message('2'));
    clock.advanceBy(9 * minute);
    expect(queue.length).toBe(1);
    expect(takeAll(queue)).toEqual(['2']);
  });
});

describe('an ordering key', () => {
  let queue: SubscriptionQueue;
  beforeEach(() => {
    queue = queueWith({ isOrdered: true });
    for (const id of ['a1', 'b1', 'a2', 'a3', 'b2']) queue.add(message(id, id[0]));
  });
  const byId = (batch: LeasedMessage[], id: string) =>
    batch.find((leased) => leased.message.id === id)?.ackId ?? '';

  test('is delivered in order', () => {
    expect(takeAll(queue)).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
  });

  test('waits for its one consumer while messages are outstanding', () => {
    const first = consumer(1);
    const [a1] = queue.take(first);
    expect(takeAll(queue)).toEqual(['b1', 'b2']);
    queue.acknowledge([a1?.ackId ?? '']);
    expect(takeAll(queue)).toEqual(['a2', 'a3']);
  });

  test('goes on with the same consumer before the earlier ones are acknowledged', () => {
    const one = consumer();
    queue.take(one);
    queue.add(message('a4', 'a'));
    expect(takeAll(queue)).toEqual([]);
    expect(idsOf(queue.take(one))).toEqual(['a4']);
  });

  test.each([
    ['nacked', (id: string) => queue.modifyAckDeadline(id, 0)],
    ['expired', () => clock.advanceBy(10_000)],
  ])('comes again from the message that was %s, even what was acknowledged after it', (_, lose) => {
    const batch = queue.take(consumer());
    queue.acknowledge([byId(batch, 'b1'), byId(batch, 'b2'), byId(batch, 'a1'), byId(batch, 'a3')]);
    lose(byId(batch, 'a2'));
    expect(takeAll(queue)).toEqual(['a2', 'a3']);
  });

  test('is settled when acknowledgements arrive in any order', () => {
    const batch = queue.take(consumer());
    for (const id of ['a3', 'b2', 'a2', 'b1', 'a1']) queue.acknowledge([byId(batch, id)]);
    expect(queue.length).toBe(0);
  });

  test('does not order a subscription that did not ask for it', () => {
    const unordered = queueWith();
    for (const id of ['a1', 'a2']) unordered.add(message(id, 'a'));
    expect(idsOf(unordered.take(consumer(1)))).toEqual(['a1']);
    expect(takeAll(unordered)).toEqual(['a2']);
  });

  test('rests as a whole if there is a retry policy', () => {
    const resting = queueWith({
      isOrdered: true,
      backoff: { minimumMs: 10_000, maximumMs: 10_000 },
    });
    resting.add(message('a1', 'a'));
    const [leased] = resting.take(consumer());
    resting.modifyAckDeadline(leased?.ackId ?? '', 0);
    resting.add(message('a2', 'a'));
    expect(takeAll(resting)).toEqual([]);
    clock.advanceBy(10_000);
    expect(takeAll(resting)).toEqual(['a1', 'a2']);
  });
});

describe('consumers', () => {
  test('get what is published together in one batch', async () => {
    const queue = queueWith();
    const one = consumer();
    queue.attach(one);
    for (const id of ['1', '2', '3']) queue.add(message(id));
    await turn();
    expect(one.batches.map(idsOf)).toEqual([['1', '2', '3']]);
  });

  test.each([
    ['messages', consumer(2), ['1', '2']],
    ['bytes: one may go over the limit', consumer(0, 15), ['1', '2']],
  ])('hold no more than they asked for: %s', async (_, one, expected) => {
    const queue = queueWith();
    queue.attach(one);
    for (const id of ['1', '2', '3']) queue.add(message(id, '', 10));
    await turn();
    expect(one.batches.map(idsOf)).toEqual([expected]);
    queue.acknowledge(one.batches.flat().map(({ ackId }) => ackId));
    await turn();
    expect(one.batches.map(idsOf)).toEqual([expected, ['3']]);
  });

  test('share the messages', async () => {
    const queue = queueWith();
    const [one, two] = [consumer(1), consumer(1)];
    queue.attach(one);
    queue.attach(two);
    for (const id of ['1', '2', '3']) queue.add(message(id));
    await turn();
    expect([one, two].map(({ batches }) => batches.map(idsOf))).toEqual([[['1']], [['2']]]);
  });

  test('are ended when the subscription is', () => {
    const queue = queueWith();
    const one = consumer();
    queue.attach(one);
    const error = new ApiError('NOT_FOUND', 'gone');
    queue.close(error);
    expect(one.ended).toEqual([error]);
  });
});

describe('bounds', () => {
  test('drop the oldest messages and say so once a spell', () => {
    const queue = queueWith({}, { maxMessages: 10 });
    for (let id = 1; id <= 15; id += 1) queue.add(message(String(id)));
    expect(boundsReached).toEqual([
      {
        subscription: 'projects/p/subscriptions/s',
        bound: 'messagesPerSubscription',
        limit: 10,
      },
    ]);
    const batch = queue.take(consumer());
    expect(idsOf(batch)[0]).toBe('6');

    queue.acknowledge(batch.map(({ ackId }) => ackId));
    for (let id = 16; id <= 30; id += 1) queue.add(message(String(id)));
    expect(boundsReached).toHaveLength(2);
  });

  test('drop from an ordered backlog what is out as well', () => {
    const queue = queueWith({ isOrdered: true }, { maxMessages: 2 });
    queue.add(message('a1', 'a'));
    const one = consumer();
    queue.take(one);
    for (const id of ['a2', 'a3', 'a4']) queue.add(message(id, 'a'));
    expect(takeAll(queue)).toEqual(['a3', 'a4']);
    expect(queue.length).toBe(2);
  });

  test('take the bytes from the largest backlog', () => {
    const memory = new MemoryBudget(10_000);
    const large = queueWith({}, { memory });
    const small = queueWith({}, { memory });
    small.add(message('s', '', 1000));
    for (let id = 1; id <= 10; id += 1) large.add(message(String(id), '', 1000));
    expect(small.length).toBe(1);
    expect(large.length).toBe(6);
    expect(memory.used).toBeLessThanOrEqual(10_000);
    expect(boundsReached.map(({ bound }) => bound)).toEqual(['bytesInAll']);
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { AdjustableClock } from '../../clock.ts';
import { Broker } from './broker.ts';
import type { SubscriptionInput } from './subscription-settings.ts';
import type { TopicInput } from './topic-settings.ts';

const topic = 'projects/demo/topics/events';
const name = 'projects/demo/subscriptions/worker';
const publisher = 'user:publisher@example.com';
const page = { pageSize: 0, pageToken: '' };
const failing = (code: string, text = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });
const message = (text: string) => ({ data: Buffer.from(text), attributes: {}, orderingKey: '' });

let broker: Broker;
beforeEach(() => {
  broker = new Broker({ clock: new AdjustableClock() });
  broker.createTopic({ name: topic });
});

describe('names', () => {
  test.each([
    'events',
    'projects/demo/topics/',
    'projects/demo/topics/ab',
    'projects/demo/topics/1abc',
    'projects/demo/topics/googabc',
    'projects/demo/topics/a b c',
    'projects/demo/topics/abc/d',
    'projects//topics/abc',
    `projects/demo/topics/${'a'.repeat(256)}`,
    'projects/demo/subscriptions/abc',
  ])('%s is no topic', (bad) => {
    expect(() => broker.createTopic({ name: bad })).toThrow(
      failing('INVALID_ARGUMENT', `Invalid resource name given (name=${bad}).`),
    );
  });

  test.each(['abc', 'Abc-1_2.3~4+5%6', 'a'.repeat(255)])('%s is a topic', (id) => {
    const good = `projects/demo/topics/${id}`;
    expect(broker.createTopic({ name: good }).name).toBe(good);
  });
});

describe('topics', () => {
  test('exist once', () => {
    expect(() => broker.createTopic({ name: topic })).toThrow(
      failing('ALREADY_EXISTS', 'Resource already exists in the project (resource=events).'),
    );
  });

  test('change only in the fields of the mask', () => {
    const update: TopicInput = {
      name: topic,
      labels: { team: 'a' },
      messageRetentionDuration: { seconds: 600, nanos: 0 },
    };
    broker.updateTopic(update, ['labels']);
    expect(broker.topic(topic)).toMatchObject({
      labels: { team: 'a' },
      messageRetentionDuration: null,
    });
  });

  test.each([
    [[], 'must contain a non-empty paths list'],
    [['name'], 'not mutable'],
    [['messageRetentionDuration'], 'not a known Topic field'],
    [['constructor'], 'not a known Topic field'],
  ])('refuse the mask %j', (paths, text) => {
    expect(() => broker.updateTopic({ name: topic }, paths)).toThrow(
      failing('INVALID_ARGUMENT', text),
    );
  });

  test('leave their subscriptions behind when they are deleted', () => {
    broker.createSubscription({ name, topic });
    broker.publish(topic, [message('kept')], publisher);
    broker.deleteTopic(topic);
    const { settings, queue } = broker.subscription(name);
    expect(settings.topic).toBe('_deleted-topic_');
    expect(queue.length).toBe(1);
    expect(() => broker.publish(topic, [message('lost')], publisher)).toThrow(failing('NOT_FOUND'));
    broker.deleteSubscription(name);
    expect(() => broker.subscription(name)).toThrow(failing('NOT_FOUND'));
  });
});

describe('subscriptions', () => {
  test("have Google's defaults", () => {
    expect(broker.createSubscription({ name, topic, ackDeadlineSeconds: 0 })).toEqual({
      name,
      topic,
      ackDeadlineSeconds: 10,
      retainAckedMessages: false,
      messageRetentionDuration: { seconds: 604_800, nanos: 0 },
      labels: {},
      enableMessageOrdering: false,
      expirationPolicy: { ttl: { seconds: 2_678_400, nanos: 0 } },
      retryPolicy: null,
    });
  });

  test('need their topic', () => {
    expect(() =>
      broker.createSubscription({ name, topic: 'projects/demo/topics/missing' }),
    ).toThrow(failing('NOT_FOUND', 'Resource not found (resource=missing).'));
  });

  test.each<[string, Partial<SubscriptionInput>]>([
    ['an ack deadline of 9 s', { ackDeadlineSeconds: 9 }],
    ['an ack deadline of 601 s', { ackDeadlineSeconds: 601 }],
    ['9 min of retention', { messageRetentionDuration: { seconds: 540, nanos: 0 } }],
    ['32 days of retention', { messageRetentionDuration: { seconds: 2_764_800, nanos: 0 } }],
    ['an expiration after an hour', { expirationPolicy: { ttl: { seconds: 3600, nanos: 0 } } }],
    [
      'a backoff of 601 s',
      { retryPolicy: { minimumBackoff: { seconds: 601, nanos: 0 }, maximumBackoff: null } },
    ],
    ['a label in capitals', { labels: { Team: 'a' } }],
  ])('refuse %s', (_, settings) => {
    expect(() => broker.createSubscription({ name, topic, ...settings })).toThrow(
      failing('INVALID_ARGUMENT'),
    );
  });

  test.each([
    ['push_config', { pushConfig: { pushEndpoint: 'https://example.com' } }],
    ['bigquery_config', { bigqueryConfig: { table: 't' } }],
    ['cloud_storage_config', { cloudStorageConfig: { bucket: 'b' } }],
    ['filter', { filter: 'attributes:a' }],
    ['dead_letter_policy', { deadLetterPolicy: { deadLetterTopic: topic } }],
    ['enable_exactly_once_delivery', { enableExactlyOnceDelivery: true }],
    ['message_transforms', { messageTransforms: [{}] }],
  ])('refuse %s as unimplemented', (setting, settings) => {
    expect(() => broker.createSubscription({ name, topic, ...settings })).toThrow(
      failing('UNIMPLEMENTED', `the setting ${setting}`),
    );
  });

  test('take what an empty message on the wire looks like for unset', () => {
    const unset = {
      pushConfig: { pushEndpoint: '', attributes: {} },
      filter: '',
      deadLetterPolicy: null,
      enableExactlyOnceDelivery: false,
      messageTransforms: [],
    };
    expect(broker.createSubscription({ name, topic, ...unset }).name).toBe(name);
  });

  test('apply an update to what is delivered from then on', () => {
    const clock = new AdjustableClock();
    const other = new Broker({ clock });
    other.createTopic({ name: topic });
    other.createSubscription({ name, topic });
    other.publish(topic, [message('old')], publisher);
    other.updateSubscription(
      { name, topic: '', messageRetentionDuration: { seconds: 600, nanos: 0 } },
      ['message_retention_duration'],
    );
    clock.advanceBy(600_000);
    expect(other.subscription(name).queue.length).toBe(0);
    expect(() =>
      other.updateSubscription({ name, topic: '', enableMessageOrdering: true }, [
        'enable_message_ordering',
      ]),
    ).toThrow(failing('INVALID_ARGUMENT', 'not mutable'));
  });
});

describe('publishing', () => {
  test('gives increasing ids, keeps a log with the publisher, and tells listeners', () => {
    const told: string[][] = [];
    const stop = broker.onPublished((_, messages) => told.push(messages.map(({ id }) => id)));
    const ids = broker.publish(topic, [message('a'), message('b')], publisher);
    stop();
    ids.push(...broker.publish(topic, [message('c')], publisher));

    expect(ids.every((id) => /^\d+$/.test(id))).toBe(true);
    expect(ids.toSorted((a, b) => Number(a) - Number(b))).toEqual(ids);
    expect(told).toEqual([ids.slice(0, 2)]);
    const log = broker.messagesOf(topic);
    expect(log.map(({ data }) => data.toString())).toEqual(['a', 'b', 'c']);
    expect(log.map(({ id }) => id)).toEqual(ids);
    expect(log[0]?.publisher).toBe(publisher);
  });

  test('does not depend on the buffer that it was given', () => {
    const data = Buffer.from('before');
    broker.publish(topic, [{ data, attributes: {}, orderingKey: '' }], publisher);
    data.fill('x');
    expect(broker.messagesOf(topic)[0]?.data.toString()).toBe('before');
  });
});

describe('lists', () => {
  test('come in pages, and only of the project', () => {
    for (const id of ['aaa', 'bbb', 'ccc'])
      broker.createTopic({ name: `projects/demo/topics/${id}` });
    broker.createTopic({ name: 'projects/other/topics/aaa' });
    const first = broker.listTopics('demo', { pageSize: 3, pageToken: '' });
    const second = broker.listTopics('demo', { pageSize: 3, pageToken: first.nextPageToken });
    const ids = [...first.items, ...second.items].map((item) => item.name.split('/').at(-1));
    expect(ids).toEqual(['aaa', 'bbb', 'ccc', 'events']);
    expect(second.nextPageToken).toBe('');
  });

  test('name the subscriptions of a topic', () => {
    broker.createSubscription({ name, topic });
    expect(broker.listTopicSubscriptions(topic, page).items).toEqual([name]);
    expect(broker.listSubscriptions('demo', page).items.map((item) => item.name)).toEqual([name]);
  });

  test.each([
    { pageSize: -1, pageToken: '' },
    { pageSize: 0, pageToken: 'garbage' },
  ])('refuse %j', (bad) => {
    expect(() => broker.listTopics('demo', bad)).toThrow(failing('INVALID_ARGUMENT'));
  });
});

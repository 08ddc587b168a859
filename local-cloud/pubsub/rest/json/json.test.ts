import { describe, expect, test } from 'vitest';
import { loadProtocol } from '../../protocol/protocol.ts';
import { readMessage } from './read-message.ts';
import { writeMessage } from './write-message.ts';

const protocol = loadProtocol();

/** The request's type of a method, `Publish`. */
function requestOf(id: string) {
  const method = protocol.find((candidate) => candidate.id === id);
  if (!method) throw new Error(`no method ${id}`);
  return method.request;
}

describe('JSON is read', () => {
  test.each<[what: string, method: string, json: object, message: object]>([
    ['camelCase', 'Pull', { maxMessages: 3 }, { maxMessages: '3' }],
    ['snake_case', 'Pull', { max_messages: 3 }, { maxMessages: '3' }],
    ['a number as text', 'Pull', { maxMessages: '-3' }, { maxMessages: '-3' }],
    ['a boolean', 'Pull', { returnImmediately: true }, { returnImmediately: true }],
    ['a boolean as text', 'Pull', { returnImmediately: 'false' }, { returnImmediately: false }],
    ['null as absent', 'Pull', { maxMessages: null }, {}],
    ['a single value as a list', 'Acknowledge', { ackIds: 'a' }, { ackIds: ['a'] }],
    [
      'padded base64',
      'Publish',
      { messages: [{ data: '/+8=' }] },
      { messages: [{ data: Buffer.from([255, 239]) }] },
    ],
    [
      'base64url',
      'Publish',
      { messages: [{ data: '_-8' }] },
      { messages: [{ data: Buffer.from([255, 239]) }] },
    ],
    ['a map', 'CreateTopic', { labels: { a: 'b' } }, { labels: { a: 'b' } }],
    [
      'a duration',
      'CreateTopic',
      { messageRetentionDuration: '600.25s' },
      { messageRetentionDuration: { seconds: 600, nanos: 250_000_000 } },
    ],
    [
      'a negative duration',
      'CreateTopic',
      { messageRetentionDuration: '-1.5s' },
      { messageRetentionDuration: { seconds: -1, nanos: -500_000_000 } },
    ],
    [
      'a timestamp',
      'Seek',
      { time: '2026-01-02T03:04:05.006Z' },
      { time: { seconds: 1_767_323_045, nanos: 6_000_000 } },
    ],
    [
      'a timestamp of a zone',
      'Seek',
      { time: '2026-01-02T04:04:05+01:00' },
      { time: { seconds: 1_767_323_045, nanos: 0 } },
    ],
    [
      'a field mask',
      'UpdateTopic',
      { updateMask: 'labels,messageRetentionDuration,kms_key_name' },
      { updateMask: { paths: ['labels', 'message_retention_duration', 'kms_key_name'] } },
    ],
    ['an empty field mask', 'UpdateTopic', { updateMask: '' }, { updateMask: { paths: [] } }],
    ['an enum by name', 'CreateTopic', { state: 'ACTIVE' }, { state: 'ACTIVE' }],
    ['an enum by number', 'CreateTopic', { state: 1 }, { state: 'ACTIVE' }],
    [
      '64 bits',
      'CreateSubscription',
      { cloudStorageConfig: { maxBytes: '9007199254740993' } },
      { cloudStorageConfig: { maxBytes: '9007199254740993' } },
    ],
  ])('%s', (_what, method, json, message) => {
    expect(readMessage(requestOf(method), { ...json })).toEqual(message);
  });
});

const duration = 'type.googleapis.com/google.protobuf.Duration';

describe('JSON is refused', () => {
  test.each<[method: string, json: object, message: string]>([
    [
      'Pull',
      { maxMesages: 1 },
      'Invalid JSON payload received. Unknown name "maxMesages": Cannot find field.',
    ],
    [
      'Pull',
      JSON.parse('{"__proto__": 1}'),
      'Invalid JSON payload received. Unknown name "__proto__": Cannot find field.',
    ],
    [
      'Pull',
      { constructor: 1 },
      'Invalid JSON payload received. Unknown name "constructor": Cannot find field.',
    ],
    [
      'UpdateTopic',
      { topic: { lables: {} } },
      `Invalid JSON payload received. Unknown name "lables" at 'topic': Cannot find field.`,
    ],
    [
      'Publish',
      { messages: [{}, { text: '' }] },
      `Invalid JSON payload received. Unknown name "text" at 'messages[1]': Cannot find field.`,
    ],
    ['Pull', { maxMessages: 'many' }, `Invalid value at 'max_messages' (TYPE_INT32), "many"`],
    ['Pull', { maxMessages: 1.5 }, `Invalid value at 'max_messages' (TYPE_INT32), 1.5`],
    ['Pull', { maxMessages: 2 ** 31 }, `Invalid value at 'max_messages' (TYPE_INT32), 2147483648`],
    [
      'Pull',
      { returnImmediately: 'constructor' },
      `Invalid value at 'return_immediately' (TYPE_BOOL), "constructor"`,
    ],
    ['Pull', { subscription: 5 }, `Invalid value at 'subscription' (TYPE_STRING), 5`],
    [
      'Pull',
      { subscription: {} },
      'Invalid value (subscription), Starting an object on a scalar field',
    ],
    [
      'Pull',
      { subscription: ['s'] },
      'Invalid JSON payload received. Unknown name "subscription": Proto field is not repeating, cannot start list.',
    ],
    ['Acknowledge', { ackIds: ['a', null] }, `Invalid value at 'ack_ids[1]' (TYPE_STRING), null`],
    [
      'Publish',
      { messages: [{ data: 'a b' }] },
      `Invalid value at 'messages[0].data' (TYPE_BYTES), Base64 decoding failed for "a b"`,
    ],
    [
      'Publish',
      { messages: [{ data: 'aaaaa' }] },
      `Invalid value at 'messages[0].data' (TYPE_BYTES), Base64 decoding failed for "aaaaa"`,
    ],
    [
      'Publish',
      { messages: [{ data: {} }] },
      `Invalid value at 'messages[0]' (data), Starting an object on a scalar field`,
    ],
    [
      'Publish',
      { messages: ['hi'] },
      `Invalid value at 'messages[0]' (type.googleapis.com/google.pubsub.v1.PubsubMessage), "hi"`,
    ],
    [
      'Publish',
      { messages: [{ attributes: { a: 'b', c: 1 } }] },
      `Invalid value at 'messages[0].attributes[1].value' (TYPE_STRING), 1`,
    ],
    [
      'Publish',
      { messages: [{ attributes: ['a'] }] },
      `Invalid value at 'messages[0].attributes' (Map), Cannot bind a list to map for field 'attributes'.`,
    ],
    [
      'Publish',
      { messages: [{ publishTime: 'noon' }] },
      `Invalid value at 'messages[0].publish_time' (type.googleapis.com/google.protobuf.Timestamp), Field 'publishTime', Invalid time format: noon`,
    ],
    [
      'CreateTopic',
      { messageRetentionDuration: '10d' },
      `Invalid value at 'message_retention_duration' (${duration}), Field 'messageRetentionDuration', Illegal duration format; duration must end with 's'`,
    ],
    [
      'CreateTopic',
      { messageRetentionDuration: 'xs' },
      `Invalid value at 'message_retention_duration' (${duration}), Field 'messageRetentionDuration', Invalid duration format, failed to parse seconds`,
    ],
    [
      'CreateTopic',
      { messageRetentionDuration: '315576000001s' },
      `Invalid value at 'message_retention_duration' (${duration}), Field 'messageRetentionDuration', Duration value exceeds limits`,
    ],
    [
      'CreateTopic',
      { messageRetentionDuration: 600 },
      `Invalid value at 'message_retention_duration' (${duration}), 600`,
    ],
    [
      'CreateTopic',
      { state: 'BROKEN' },
      `Invalid value at 'state' (type.googleapis.com/google.pubsub.v1.Topic.State), "BROKEN"`,
    ],
  ])('%s %j', (method, json, message) => {
    expect(() => readMessage(requestOf(method), { ...json })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message }),
    );
  });

  test('with every fault, each with its place', () => {
    const json = { a: 1, topic: 5, messages: [{ b: 1 }] };
    const fieldViolations = [
      { description: expect.stringContaining('"a"') },
      { field: 'topic', description: expect.stringContaining('TYPE_STRING') },
      { field: 'messages[0]', description: expect.stringContaining('"b"') },
    ];
    expect(() => readMessage(requestOf('Publish'), json)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^.*"a".*\n.*topic.*\n.*"b".*$/),
        details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }],
      }),
    );
  });

  test('without repeating more than the beginning of a value', () => {
    const json = { messages: [{ data: '%'.repeat(5_000) }] };
    expect(() => readMessage(requestOf('Publish'), json)).toThrow(/%{199}…$/);
  });

  test('however deep it is nested', () => {
    let nested: object = {};
    for (let depth = 0; depth < 50_000; depth += 1) nested = { nested };
    const json = { messageRetentionDuration: nested };
    expect(() => readMessage(requestOf('CreateTopic'), json)).toThrow('(type.googleapis.com');
  });

  test('without telling more than the first fifty faults', () => {
    const json = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`x${i}`, 1]));
    expect(() => readMessage(requestOf('Publish'), json)).toThrow(/^(?:.+\n){49}.+"x49".+$/);
  });

  test('at once, however long a number is', () => {
    const json = { maxMessages: '9'.repeat(1_000_000) };
    expect(() => readMessage(requestOf('Pull'), json)).toThrow('TYPE_INT32');
  });
});

describe('JSON is written', () => {
  test.each<[what: string, method: string, message: object, json: object]>([
    [
      'without defaults',
      'CreateSubscription',
      {
        name: '',
        labels: {},
        ackDeadlineSeconds: 0,
        detached: false,
        messageTransforms: [],
        state: 'STATE_UNSPECIFIED',
        retryPolicy: null,
      },
      {},
    ],
    [
      'with empty messages',
      'CreateSubscription',
      { pushConfig: {}, expirationPolicy: { ttl: null } },
      { pushConfig: {}, expirationPolicy: {} },
    ],
    [
      'with bytes in base64',
      'Publish',
      { messages: [{ data: Buffer.from([255, 239]) }, { data: Buffer.of() }] },
      { messages: [{ data: '/+8=' }, {}] },
    ],
    [
      'with maps and enums',
      'CreateTopic',
      { labels: { a: '' }, state: 'ACTIVE' },
      { labels: { a: '' }, state: 'ACTIVE' },
    ],
    [
      'with durations',
      'CreateTopic',
      { messageRetentionDuration: { seconds: 600, nanos: 0 } },
      { messageRetentionDuration: '600s' },
    ],
    [
      'with parts of a second',
      'CreateTopic',
      { messageRetentionDuration: { seconds: 0, nanos: 1_000 } },
      { messageRetentionDuration: '0.000001s' },
    ],
    [
      'with times',
      'Seek',
      { time: { seconds: 1_767_323_045, nanos: 6_000_000 } },
      { time: '2026-01-02T03:04:05.006Z' },
    ],
    [
      'with whole times',
      'Seek',
      { time: { seconds: 1_767_323_045, nanos: 0 } },
      { time: '2026-01-02T03:04:05Z' },
    ],
    [
      'with 64 bits as text',
      'CreateSubscription',
      { cloudStorageConfig: { maxBytes: 5 } },
      { cloudStorageConfig: { maxBytes: '5' } },
    ],
    [
      'with field masks',
      'UpdateTopic',
      { updateMask: { paths: ['labels', 'message_retention_duration'] } },
      { updateMask: 'labels,messageRetentionDuration' },
    ],
  ])('%s', (_what, method, message, json) => {
    expect(writeMessage(requestOf(method), message)).toEqual(json);
  });
});

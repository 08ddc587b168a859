import { describe, expect, test } from 'vitest';
import type { MessageInput } from './message.ts';
import { checkPublish } from './publish-rules.ts';

const message = (parts: Partial<MessageInput> = {}): MessageInput => ({
  data: Buffer.from('x'),
  attributes: {},
  orderingKey: '',
  ...parts,
});
const attributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'value']));

describe('accepts', () => {
  test.each<[string, MessageInput[]]>([
    ['data without attributes', [message()]],
    ['one attribute without data', [message({ data: Buffer.of(), attributes: { a: '' } })]],
    ['1000 messages', Array.from({ length: 1000 }, () => message())],
    ['100 attributes', [message({ attributes: attributes(100) })]],
    ['a key of 256 bytes', [message({ attributes: { ['k'.repeat(256)]: '' } })]],
    ['a value of 1024 bytes', [message({ attributes: { a: 'é'.repeat(512) } })]],
    ['an ordering key of 1024 bytes', [message({ orderingKey: 'k'.repeat(1024) })]],
    ['10,000,000 bytes', [message({ data: Buffer.alloc(10_000_000) })]],
    ['the trace context of the client', [message({ attributes: { googclient_traceparent: '' } })]],
  ])('%s', (_, messages) => {
    expect(() => checkPublish(messages)).not.toThrow();
  });
});

describe('refuses', () => {
  test.each<[string, MessageInput[], string]>([
    ['no message', [], 'at least one message'],
    [
      '1001 messages',
      Array.from({ length: 1001 }, () => message()),
      'The value for message_count is too large. You passed 1001 in the request, but the maximum value is 1000.',
    ],
    ['an empty message', [message(), message({ data: Buffer.of() })], 'non-empty data'],
    ['101 attributes', [message({ attributes: attributes(101) })], 'You passed 101'],
    ['an empty key', [message({ attributes: { '': 'a' } })], '(key=)'],
    ['a key with goog', [message({ attributes: { googAnything: 'a' } })], '(key=googAnything)'],
    ['a key with GOOG', [message({ attributes: { GOOG: 'a' } })], '(key=GOOG)'],
    [
      'another key of the client',
      [message({ attributes: { 'googclient_x-cloud-trace-context': 'a' } })],
      'The request contains an attribute key that is not valid (key=googclient_x-cloud-trace-context).',
    ],
    ['a key of 257 bytes', [message({ attributes: { ['k'.repeat(257)]: '' } })], 'is 257'],
    [
      'a value of 1025 bytes',
      [message({ attributes: { app_id: 'v'.repeat(1025) } })],
      'The attribute "app_id" in the request has a value that is too long. The length is 1025 characters, but the maximum allowed is 1024.',
    ],
    ['an ordering key of 1025 bytes', [message({ orderingKey: 'k'.repeat(1025) })], '1025'],
    ['different ordering keys', [message({ orderingKey: 'a' }), message()], 'same ordering key'],
    [
      '10,000,001 bytes',
      [message({ data: Buffer.alloc(10_000_001) })],
      'The value for request_size is too large. You passed 10000001 in the request, but the maximum value is 10000000.',
    ],
  ])('%s', (_, messages, text) => {
    expect(() => checkPublish(messages)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(text),
      }),
    );
  });
});

import { gzipSync } from 'node:zlib';
import type { HttpAttack, HttpContext, RequestChanges } from './support/http-attack.ts';
import { message } from './support/requests.ts';
import { type Outcome, problems } from './support/verdicts.ts';

const { badJson, badKey, badMessage, mediaType, tooLarge } = problems;

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const utf8 = (text: string) => latin1(Buffer.from(text));

/** From somebody who may call: the body is read, and must be refused for what it is. */
const bodies: HttpAttack[] = (
  [
    ['text/plain', { contentType: 'text/plain' }, mediaType],
    ['no content type', { contentType: undefined }, mediaType],
    ['a form', { contentType: 'application/x-www-form-urlencoded', body: 'text=a' }, mediaType],
    ['multipart', { contentType: 'multipart/form-data; boundary=a' }, mediaType],
    ['XML', { contentType: 'application/xml' }, mediaType],
    ['JSON in UTF-16', { contentType: 'application/json; charset=utf-16' }, mediaType],
    ['JSON in UTF-7', { contentType: 'application/json; charset=utf-7' }, mediaType],
    ['JSON and text', { contentType: 'application/json, text/plain' }, mediaType],
    ['JSON with a boundary', { contentType: 'application/json; boundary=a' }, mediaType],
    ['merge patch', { contentType: 'application/merge-patch+json' }, mediaType],
    ['*/*', { contentType: '*/*' }, mediaType],
    [
      'JSON with a wild charset',
      { contentType: `application/json; charset=${'x'.repeat(4_000)}` },
      mediaType,
    ],
    [
      'gzip',
      { headers: [['Content-Encoding', 'gzip']], body: latin1(gzipSync(message)) },
      mediaType,
    ],
    [
      'a gzip bomb',
      { headers: [['Content-Encoding', 'gzip']], body: latin1(gzipSync(Buffer.alloc(10_000_000))) },
      mediaType,
    ],
    ['deflate', { headers: [['Content-Encoding', 'deflate']] }, mediaType],
    ['brotli', { headers: [['Content-Encoding', 'br']] }, mediaType],
    ['zstd', { headers: [['Content-Encoding', 'zstd']] }, mediaType],
    ['two encodings', { headers: [['Content-Encoding', 'identity, gzip']] }, mediaType],
    ['64 KiB and a byte', { body: JSON.stringify({ text: 'x'.repeat(65_526) }) }, tooLarge],
    ['1 MiB', { body: JSON.stringify({ text: 'x'.repeat(1_048_576) }) }, tooLarge],
    [
      '100 KiB in chunks',
      {
        contentLength: undefined,
        headers: [['Transfer-Encoding', 'chunked']],
        body: `19000\r\n${' '.repeat(102_400)}\r\n0\r\n\r\n`,
      },
      tooLarge,
    ],
    ['nothing', { body: '' }, badJson],
    [
      'nothing in chunks',
      { contentLength: undefined, headers: [['Transfer-Encoding', 'chunked']], body: '0\r\n\r\n' },
      badJson,
    ],
    ['JSON, cut off', { body: '{"text":"a"' }, badJson],
    ['JSON twice', { body: message.repeat(2) }, badJson],
    ['JSON in single quotes', { body: "{'text':'a'}" }, badJson],
    ['a trailing comma', { body: '{"text":"a",}' }, badJson],
    ['a comment', { body: '{"text":"a"/**/}' }, badJson],
    ['NaN', { body: '{"text":NaN}' }, badJson],
    ['a byte order mark', { body: utf8(`\ufeff${message}`) }, badJson],
    ['UTF-16', { body: latin1(Buffer.from(message, 'utf16le')) }, badJson],
    ['an overlong byte', { body: '{"text":"\xc0\xaf"}' }, badJson],
    ['half a surrogate pair in UTF-8', { body: '{"text":"\xed\xa0\x80"}' }, badJson],
    ['latin1', { body: '{"text":"\xe9"}' }, badJson],
    ['NUL', { body: '\0' }, badJson],
    ['a NUL in a string', { body: '{"text":"a\0"}' }, badJson],
    ['17 arrays', { body: `${'['.repeat(17)}${']'.repeat(17)}` }, badJson],
    ['30,000 arrays', { body: '['.repeat(30_000) }, badJson],
    ['10,000 objects', { body: '{"a":'.repeat(10_000) }, badJson],
    ['__proto__', { body: '{"text":"a","__proto__":{"attributes":{}}}' }, badJson],
    ['__proto__, escaped', { body: '{"text":"a","\\u005f_proto__":{}}' }, badJson],
    [
      '__proto__ in the attributes',
      { body: '{"text":"a","attributes":{"__proto__":"b"}}' },
      badJson,
    ],
    [
      'a constructor',
      { body: '{"text":"a","constructor":{"prototype":{"admin":true}}}' },
      badMessage,
    ],
    ['an array', { body: '[]' }, badMessage],
    ['null', { body: 'null' }, badMessage],
    ['a string', { body: '"text"' }, badMessage],
    ['{}', { body: '{}' }, badMessage],
    ['no text', { body: '{"text":""}' }, badMessage],
    ['a number', { body: '{"text":1e400}' }, badMessage],
    ['a number of 60,000 digits', { body: `{"text":${'9'.repeat(60_000)}}` }, badMessage],
    ['text twice, no string last', { body: '{"text":"a","text":null}' }, badMessage],
    ['an array of text', { body: '{"text":["a"]}' }, badMessage],
    ['half a surrogate pair, escaped', { body: '{"text":"\\ud800"}' }, badMessage],
    ['an unknown member', { body: '{"text":"a","topic":"projects/x/topics/y"}' }, badMessage],
    ['a forged sender', { body: '{"text":"a","attributes":{"calledBy":"eve"}}' }, badMessage],
    ['a forged key', { body: '{"text":"a","attributes":{"idempotencyKey":"eve"}}' }, badMessage],
    ['a forged trace', { body: '{"text":"a","attributes":{"traceparent":"eve"}}' }, badMessage],
    [
      "Google's attribute",
      { body: '{"text":"a","attributes":{"googclient_x":"eve"}}' },
      badMessage,
    ],
    ['an attribute that is no string', { body: '{"text":"a","attributes":{"a":1}}' }, badMessage],
    ['attributes as an array', { body: '{"text":"a","attributes":["a"]}' }, badMessage],
    [
      '101 attributes',
      {
        body: JSON.stringify({
          text: 'a',
          attributes: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, 'b'])),
        }),
      },
      badMessage,
    ],
    ['10,001 characters', { body: JSON.stringify({ text: 'x'.repeat(10_001) }) }, badMessage],
    [
      'two keys',
      {
        headers: [
          ['Idempotency-Key', 'a'],
          ['Idempotency-Key', 'b'],
        ],
      },
      badKey,
    ],
    ['a key of 256 characters', { headers: [['Idempotency-Key', 'k'.repeat(256)]] }, badKey],
    ['a key with a blank', { headers: [['Idempotency-Key', 'a b']] }, badKey],
    ['a key beyond ASCII', { headers: [['Idempotency-Key', '\xe9']] }, badKey],
    ['an empty key', { headers: [['Idempotency-Key', '']] }, badKey],
  ] as [string, RequestChanges, Outcome][]
).map(([what, changes, outcome]) => ({
  name: `a body of ${what}`,
  bytes: ({ request }: HttpContext) => request(changes),
  direct: outcome,
  frontDoor: outcome,
}));

const tooLargeForAll: HttpAttack = {
  name: 'a body that claims to have 10 GB',
  bytes: ({ request }) => request({ contentLength: '10000000000', body: '' }),
  direct: tooLarge,
  frontDoor: { page: 413 },
};

/** At either service. */
export const httpBodies: HttpAttack[] = [...bodies, tooLargeForAll];

/** From a stranger: whatever it is, nobody looks at it (the receiver only, which checks for itself). */
export const unreadBodies = (missing: Outcome): HttpAttack[] =>
  httpBodies.map(({ name, bytes }) => ({
    name: `${name}, without credentials`,
    bytes: (context) =>
      bytes({
        ...context,
        request: (changes) => context.request({ ...changes, as: 'nobody' }),
      }),
    direct: missing,
    frontDoor: { page: 403 },
  }));

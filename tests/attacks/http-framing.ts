import type { HttpAttack, HttpContext } from './support/http-attack.ts';
import { message } from './support/requests.ts';
import { problems } from './support/verdicts.ts';

/** Lines in place of a body's proper framing (RFC 9112 section 6), from somebody who may call. */
const lengths: HttpAttack[] = (
  [
    ['both lengths', 'Content-Length: 4\r\nTransfer-Encoding: chunked', '0\r\n\r\n'],
    ['both lengths the other way', 'Transfer-Encoding: chunked\r\nContent-Length: 4', '0\r\n\r\n'],
    ['two different lengths', 'Content-Length: 5\r\nContent-Length: 6', message],
    ['two equal lengths', 'Content-Length: 17\r\nContent-Length: 17', message],
    ['a list of lengths', 'Content-Length: 17, 17', message],
    ['a length with a plus', 'Content-Length: +17', message],
    ['a negative length', 'Content-Length: -1', message],
    ['a length in hexadecimal', 'Content-Length: 0x11', message],
    ['a length with a fraction', 'Content-Length: 17.0', message],
    ['a length in two words', 'Content-Length: 1 7', message],
    ['a length of letters', 'Content-Length: many', message],
    ['a length of 40 digits', `Content-Length: ${'9'.repeat(40)}`, message],
    ['an unknown coding', 'Transfer-Encoding: xchunked', message],
    ['chunked twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', '0\r\n\r\n'],
    ['chunked not last', 'Transfer-Encoding: chunked, identity', '0\r\n\r\n'],
    ['chunked in quotes', 'Transfer-Encoding: "chunked"', '0\r\n\r\n'],
    ['chunked with a vertical tab', 'Transfer-Encoding: \x0bchunked', '0\r\n\r\n'],
    ['chunked with NUL', 'Transfer-Encoding: chunked\x00', '0\r\n\r\n'],
    [
      'chunked after a folded line',
      'Transfer-Encoding:\r\n chunked\r\nContent-Length: 4',
      '0\r\n\r\n',
    ],
    ['a blank before the colon', 'Transfer-Encoding : chunked', '0\r\n\r\n'],
    ['a negative chunk', 'Transfer-Encoding: chunked', '-1\r\nx\r\n0\r\n\r\n'],
    ['a chunk in 0x', 'Transfer-Encoding: chunked', '0x2\r\n{}\r\n0\r\n\r\n'],
    ['a chunk of 2^64', 'Transfer-Encoding: chunked', '10000000000000000\r\n{}\r\n0\r\n\r\n'],
    ['a chunk of letters', 'Transfer-Encoding: chunked', 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a chunk longer than it says', 'Transfer-Encoding: chunked', '1\r\n{}\r\n0\r\n\r\n'],
    ['a chunk with a bare line feed', 'Transfer-Encoding: chunked', '2\n{}\n0\n\n'],
    [
      'an endless chunk extension',
      'Transfer-Encoding: chunked',
      `2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    ],
  ] as [string, string, string][]
).map(([what, line, body]) => ({
  name: what,
  bytes: ({ request }) =>
    request({ contentLength: undefined, body: '' }).replace('Connection: close', line) + body,
  direct: problems.badRequest,
  frontDoor: { page: 400 },
}));

/** Requests whose first lines are not those of HTTP/1.1 (RFC 9112 sections 2 to 5). */
const heads: HttpAttack[] = (
  [
    ['HTTP/1.2', ({ request }) => request({ version: 'HTTP/1.2' })],
    ['HTTP/9.9', ({ request }) => request({ version: 'HTTP/9.9' })],
    ['http/1.1', ({ request }) => request({ version: 'http/1.1' })],
    ['no version', ({ request }) => request({ version: '' })],
    ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ["a TLS client's hello", () => '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03'],
    ['SSH', () => 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['bytes from 128 on', () => '\x80\x81\x82\xff\r\n\r\n'],
    ['NUL bytes', () => '\0'.repeat(64)],
    ['an empty method', ({ request }) => request({ method: '' })],
    ['a method in lower case', ({ request }) => request({ method: 'post' })],
    ['an unknown method', ({ request }) => request({ method: 'HACK' })],
    ['a method with NUL', ({ request }) => request({ method: 'POST\0' })],
    ['a target with a blank', ({ request }) => request({ target: '/messages x' })],
    ['a target with NUL', ({ request }) => request({ target: '/messages\0' })],
    ['a target with a tab', ({ request }) => request({ target: '/mess\tages' })],
    ['a header without a colon', ({ request }) => insert(request(), 'Nonsense')],
    ['a header without a name', ({ request }) => insert(request(), ': value')],
    ['a name with a blank', ({ request }) => insert(request(), 'X Y: z')],
    ['a name with NUL', ({ request }) => insert(request(), 'X\0Y: z')],
    ['a name beyond ASCII', ({ request }) => insert(request(), 'Äther: z')],
    [
      'a blank before the colon',
      ({ request, token }) => insert(request({ as: 'nobody' }), `Authorization : Bearer ${token}`),
    ],
    ['a value with NUL', ({ request }) => insert(request(), 'X: a\0b')],
    ['a value with a bare carriage return', ({ request }) => insert(request(), 'X: a\rY: b')],
    [
      'a folded line',
      ({ request, token }) =>
        insert(request({ as: 'nobody' }), `Authorization: Bearer\r\n ${token}`),
    ],
    ['a folded first line', ({ request }) => request().replace('\r\n', '\r\n X: folded\r\n')],
    ['bare line feeds', ({ request }) => request().replaceAll('\r\n', '\n')],
    ['bare carriage returns', ({ request }) => `${request().replaceAll('\r\n', '\r')}\r\n\r\n`],
  ] as [string, (context: HttpContext) => string][]
).map(([what, bytes]) => ({
  name: `a head of ${what}`,
  bytes,
  direct: problems.badRequest,
  frontDoor: { page: 400 },
}));

function insert(request: string, line: string): string {
  return request.replace('Connection: close', `${line}\r\nConnection: close`);
}

/** What is refused for its bytes, at either service. */
export const malformedRequests: HttpAttack[] = [...lengths, ...heads];

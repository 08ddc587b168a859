import type { HttpAttack, HttpContext } from './support/http-attack.ts';
import { bearer } from './support/requests.ts';
import { type Outcome, problems, refused } from './support/verdicts.ts';

const { badJson, badRequest, headersTooLarge, expectation, method, notFound } = problems;
/** Whoever stops reading in the middle may well be gone before its answer has arrived. */
const tooMuchToRead = { page: 431, orCutOff: true } as const;
const tooMuchForService = { ...headersTooLarge, orCutOff: true } as const;
const page = (status: 400 | 403 | 405 | 417 | 421) => ({ page: status }) as const;

const sizes: HttpAttack[] = [
  {
    name: 'a header of 20 KiB',
    bytes: ({ request }) => request({ headers: [['X-Large', 'x'.repeat(20_480)]] }),
    direct: headersTooLarge,
    frontDoor: headersTooLarge,
  },
  {
    name: 'a header of 100 KiB',
    bytes: ({ request }) => request({ headers: [['X-Large', 'x'.repeat(102_400)]] }),
    direct: tooMuchForService,
    frontDoor: tooMuchToRead,
  },
  {
    name: 'a token of 20 KiB',
    bytes: ({ request }) =>
      request({ as: 'nobody', headers: [bearer('Authorization', 'a.'.repeat(10_240))] }),
    direct: headersTooLarge,
    frontDoor: { page: 401 },
  },
  {
    name: '10,000 headers',
    bytes: ({ request }) =>
      request({ headers: Array.from({ length: 10_000 }, (_, i) => [`X-${i}`, 'x'] as const) }),
    direct: tooMuchForService,
    frontDoor: tooMuchToRead,
  },
  {
    name: '2,100 empty headers in front of the credentials',
    bytes: ({ request, token }) =>
      request({
        as: 'nobody',
        headers: [
          ...Array.from({ length: 2_100 }, () => ['x', ''] as const),
          bearer('Authorization', token),
        ],
      }),
    direct: headersTooLarge,
    frontDoor: { page: 431 },
  },
  {
    name: 'a target of 20 KiB',
    bytes: ({ request }) => request({ target: `/${'x'.repeat(20_480)}` }),
    direct: headersTooLarge,
    frontDoor: headersTooLarge,
  },
  {
    name: 'a target of 100 KiB',
    bytes: ({ request }) => request({ target: `/${'x'.repeat(102_400)}` }),
    direct: tooMuchForService,
    frontDoor: tooMuchToRead,
  },
];

/** Well-formed, and still nothing that gets anywhere. */
const oddRequests: HttpAttack[] = (
  [
    ['no Host', (c) => c.request({ host: undefined }), badRequest, page(400)],
    [
      'two Hosts',
      (c) => c.request({ as: 'nobody', headers: [['Host', 'evil.example']] }),
      refused.missing,
      page(421),
    ],
    [
      'another Host',
      (c) => c.request({ as: 'nobody', host: 'evil.example' }),
      refused.missing,
      page(421),
    ],
    [
      'the Host of the canary',
      (c) => c.request({ as: 'nobody', host: new URL(c.forge.canaryUrl).host }),
      refused.missing,
      page(421),
    ],
    ['an empty Host', (c) => c.request({ as: 'nobody', host: '' }), refused.missing, page(421)],
    ['TRACE', (c) => c.request({ method: 'TRACE' }), method, page(405)],
    [
      'CONNECT',
      (c) => c.request({ method: 'CONNECT', target: `${new URL(c.forge.canaryUrl).host}` }),
      { page: 405, orCutOff: true },
      { page: 405, orCutOff: true },
    ],
    [
      'an absolute target',
      (c) => c.request({ as: 'nobody', target: `${c.forge.canaryUrl}/messages` }),
      refused.missing,
      page(421),
    ],
    [
      'an absolute target of FTP',
      (c) => c.request({ target: 'ftp://127.0.0.1/messages' }),
      badRequest,
      badRequest,
    ],
    ['a target without a slash', (c) => c.request({ target: 'messages' }), badRequest, page(400)],
    ['the target *', (c) => c.request({ target: '*' }), notFound, notFound],
    [
      'an expectation of 200',
      (c) => c.request({ headers: [['Expect', '200-ok']] }),
      expectation,
      page(417),
    ],
    [
      'an expectation of 100',
      (c) => c.request({ as: 'nobody', headers: [['Expect', '100-continue']] }),
      refused.missing,
      page(403),
    ],
    [
      'an upgrade to WebSocket',
      (c) =>
        c.request({
          as: 'nobody',
          method: 'GET',
          target: '/identity',
          headers: [
            ['Upgrade', 'websocket'],
            ['Connection', 'Upgrade'],
            ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
            ['Sec-WebSocket-Version', '13'],
          ],
        }),
      refused.missing,
      page(403),
    ],
    [
      'an upgrade to HTTP/2',
      (c) =>
        c.request({
          as: 'nobody',
          headers: [
            ['Upgrade', 'h2c'],
            ['Connection', 'Upgrade, HTTP2-Settings'],
            ['HTTP2-Settings', 'AAMAAABkAARAAAAAAAIAAAAA'],
          ],
        }),
      refused.missing,
      page(403),
    ],
    [
      'HTTP/1.0',
      (c) => c.request({ as: 'nobody', version: 'HTTP/1.0' }),
      refused.missing,
      page(403),
    ],
    ['HTTP/0.9', () => 'GET /messages\r\n\r\n', method, page(403)],
    [
      'HTTP/2.0',
      (c) => c.request({ as: 'nobody', version: 'HTTP/2.0' }),
      refused.missing,
      page(403),
    ],
    [
      'HTTP/1.0 and chunks',
      (c) =>
        `${c.request({ version: 'HTTP/1.0', contentLength: undefined, headers: [['Transfer-Encoding', 'chunked']], body: '' })}0\r\n\r\n`,
      badJson,
      badJson,
    ],
  ] as [string, (context: HttpContext) => string, Outcome, Outcome][]
).map(([name, bytes, direct, frontDoor]) => ({ name, bytes, direct, frontDoor }));

/** Two requests in one: the second must get no more than it would get alone. */
const pairs: HttpAttack[] = [
  {
    name: 'two in a row, without credentials',
    bytes: ({ request }) => keptAlive(request({ as: 'nobody' })) + request({ as: 'nobody' }),
    direct: refused.missing,
    frontDoor: page(403),
    answers: 2,
  },
  {
    name: 'fifty in a row, without credentials',
    bytes: ({ request }) =>
      keptAlive(request({ as: 'nobody' })).repeat(49) + request({ as: 'nobody' }),
    direct: refused.missing,
    frontDoor: page(403),
    answers: 50,
  },
  {
    name: 'a second one inside the body of the first',
    bytes: ({ request }) => request({ as: 'nobody', body: request() }),
    direct: refused.missing,
    frontDoor: page(403),
  },
  {
    name: 'a second one behind a last chunk, without credentials either',
    bytes: ({ request }) =>
      keptAlive(
        request({
          as: 'nobody',
          contentLength: undefined,
          headers: [['Transfer-Encoding', 'chunked']],
          body: '2\r\n{}\r\n0\r\n\r\n',
        }),
      ) + request({ as: 'nobody' }),
    direct: refused.missing,
    frontDoor: page(403),
    answers: 2,
  },
  {
    name: 'a good one behind one that wants the connection closed',
    bytes: ({ request }) => request({ as: 'nobody' }) + request(),
    direct: refused.missing,
    frontDoor: page(403),
    mayBeCutShort: true,
  },
];

function keptAlive(request: string): string {
  return request.replace('Connection: close', 'Connection: keep-alive');
}

export const httpRequests: HttpAttack[] = [...sizes, ...oddRequests, ...pairs];

import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBaseApp } from '../../shared/http/base-app.ts';
import { errorHandler, notFound } from '../../shared/http/error-handler.ts';
import { Readiness } from '../../shared/http/readiness.ts';
import { startTestCloud, type TestCloud } from '../support/cloud.ts';
import { openSocket, readUntil } from '../support/network.ts';

const expected = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
/** What would tell a stranger what runs here, or let another site read it. */
const telltale = /^(server|x-powered-by|etag|set-cookie|access-control-.*)$/;

let cloud: TestCloud;
let token: string;
beforeAll(async () => {
  cloud = await startTestCloud();
  const audience = cloud.topology.services.find(({ name }) => name === 'receiver')?.url;
  const { host } = cloud.metadataServerOf('caller');
  const path = 'computeMetadata/v1/instance/service-accounts/default/identity';
  const answer = await fetch(`http://${host}/${path}?format=full&audience=${audience}`, {
    headers: { 'metadata-flavor': 'Google' },
  });
  token = await answer.text();
});
afterAll(() => cloud.stop());

/** Sends a request to the container of a service as it is written here. */
async function exchange(service: string, lines: readonly string[], body = '') {
  const socket = openSocket(Number(cloud.services.portOf(service)));
  socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`);
  const [head = ''] = (await readUntil(socket, () => false)).split('\r\n\r\n');
  const [statusLine = '', ...fields] = head.split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(statusLine.split(' ')[1]), headers };
}

function expectHeaders(headers: Record<string, unknown>): void {
  expect(headers).toMatchObject(expected);
  expect(Object.keys(headers).filter((name) => telltale.test(name))).toEqual([]);
}

const json = ['Content-Type: application/json'];
const good = '{"text":"a"}';
const large = JSON.stringify({ text: 'a'.repeat(11 * 2 ** 20) });
const sized = (body: string) => `Content-Length: ${Buffer.byteLength(body)}`;

/** Status, first line, headers, body: every route, and every way in which a request is refused. */
const ofBoth: [number, string, string[]?, string?][] = [
  [200, 'GET /health/live'],
  [200, 'HEAD /health/live'],
  [200, 'GET /health/ready'],
  [405, 'OPTIONS /health/live'],
  [405, 'DELETE /health/ready'],
  [405, 'GET /messages'],
  [405, 'PUT /identity'],
  [404, 'GET /nothing'],
  [404, 'GET /%zz'],
  [404, 'POST /'],
  [404, 'OPTIONS *'],
  [400, 'GET nonsense'],
  [417, 'GET /health/live', ['Expect: nonsense']],
  [400, 'GET /a b'],
  [400, 'POST /messages', ['Content-Length: x']],
  [400, 'POST /messages', ['Transfer-Encoding: chunked', 'Content-Length: 1'], '0\r\n\r\n'],
  [431, 'GET /health/live', [`X-Large: ${'a'.repeat(17 * 1024)}`]],
];
const messages: [number, string, string[]?, string?][] = [
  [201, 'POST /messages', [...json, sized(good)], good],
  [200, 'GET /identity'],
  [400, 'POST /messages', [...json, sized('{')], '{'],
  [400, 'POST /messages', [...json, 'Idempotency-Key: \x01', sized(good)], good],
  [413, 'POST /messages', [...json, sized(large)], large],
  [415, 'POST /messages', ['Content-Type: text/plain', sized(good)], good],
  [422, 'POST /messages', [...json, sized('{}')], '{}'],
];

describe.each(['caller', 'receiver'])('every answer of the %s', (service) => {
  const send = (line: string, headers: string[] = [], body = '') =>
    exchange(service, [`${line} HTTP/1.1`, 'Host: x', ...headers], body);
  const credentials = () => (service === 'receiver' ? [`Authorization: Bearer ${token}`] : []);

  it.each(ofBoth)('%i %s', async (status, line, headers, body) => {
    const answer = await send(line, headers, body);
    expect(answer.status).toBe(status);
    expectHeaders(answer.headers);
  });

  it.each(messages)('%i %s of whoever may', async (status, line, headers = [], body = '') => {
    const answer = await send(line, [...credentials(), ...headers], body);
    expect(answer.status).toBe(status);
    expectHeaders(answer.headers);
  });

  it('400 without a host', async () => {
    const answer = await exchange(service, ['GET /health/live HTTP/1.1']);
    expect(answer.status).toBe(400);
    expectHeaders(answer.headers);
  });

  it('502 when Pub/Sub refuses', async () => {
    cloud.faults.set('pubsub', { kind: 'unavailable', status: 'PERMISSION_DENIED' });
    try {
      const answer = await send('POST /messages', [...credentials(), ...json, sized(good)], good);
      expect(answer.status).toBe(502);
      expectHeaders(answer.headers);
    } finally {
      await cloud.faults.clear();
    }
  });
});

it.each([
  [401, []],
  [401, ['Authorization: Bearer nonsense']],
  [400, ['Authorization: Bearer a', 'Authorization: Bearer b']],
])('the receiver sends them with %i to whoever may not', async (status, headers) => {
  const lines = ['GET /identity HTTP/1.1', 'Host: x', ...headers];
  const answer = await exchange('receiver', lines);
  expect(answer.status).toBe(status);
  expectHeaders(answer.headers);
});

it('the caller sends them with its description', async () => {
  const answer = await exchange('caller', ['GET /openapi.json HTTP/1.1', 'Host: x']);
  expect(answer.status).toBe(200);
  expectHeaders(answer.headers);
});

it.each([
  [500, '/broken', { full: false }],
  [503, '/health/ready', { full: true }],
])('%i, too, has them', async (status, path, admission) => {
  const readiness = new Readiness();
  readiness.started();
  const app = createBaseApp({
    logger: pino({ level: 'silent' }),
    readiness,
    admission,
    projectId: () => undefined,
  });
  app.get('/broken', () => {
    throw new Error('unforeseen');
  });
  app.use(notFound, errorHandler);
  const answer = await request(app).get(path);
  expect(answer.status).toBe(status);
  expectHeaders(answer.headers);
});

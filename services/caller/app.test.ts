import { pino } from 'pino';
import request from 'supertest';
import { beforeEach, describe, expect, it } from 'vitest';
import { Admission } from '../../shared/http/admission.ts';
import { Readiness } from '../../shared/http/readiness.ts';
import { IdTokenSource } from '../../shared/identity/id-token-source.ts';
import { encode, genuineClaims } from '../../tests/support/signing-authority.ts';
import { createCallerApp } from './app.ts';
import { ReceiverClient } from './receiver-client.ts';

const url = 'https://receiver-123456789012.europe-west1.run.app';
const email = 'caller@p.iam.gserviceaccount.com';
const published = {
  messageId: '7',
  topic: 'projects/p/topics/events',
  calledBy: email,
  publishedBy: 'receiver@p.iam.gserviceaccount.com',
};

type Answer = (request: Request) => Response | Promise<Response>;

let requests: Request[];
let pauses: number[];
let answers: Answer[];
let tokenFetches: number;

beforeEach(() => {
  requests = [];
  pauses = [];
  answers = [];
  tokenFetches = 0;
});

/** The caller with a mocked metadata server and a receiver that gives `answers`, the last one for ever. */
function app() {
  const tokens = new IdTokenSource({
    audience: url,
    fetchIdToken: async () => {
      const claims = { ...genuineClaims(), aud: url, jti: ++tokenFetches };
      return `${encode({ alg: 'RS256' })}.${encode(claims)}.c2ln`;
    },
  });
  const receiver = new ReceiverClient({
    url,
    tokens,
    send: async ({ path, method, headers, body = null }) => {
      const sent = new Request(url + path, { method, headers, body });
      requests.push(sent);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (!answer) throw new Error('socket hang up');
      const response = await answer(sent);
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      };
    },
    wait: async (ms) => pauses.push(ms),
  });
  return createCallerApp({
    config: { service: 'caller', revision: undefined },
    logger: pino({ level: 'silent' }),
    readiness: new Readiness(),
    admission: new Admission(100),
    account: { email: async () => email, knownProjectId: undefined },
    receiver,
  });
}

const ok: Answer = (sent) =>
  Response.json(
    { ...published, idempotencyKey: sent.headers.get('idempotency-key') },
    { status: 201 },
  );
const problem =
  (status: number, code: string, headers: Record<string, string> = {}): Answer =>
  () =>
    Response.json(
      { status, code, detail: 'why' },
      { status, headers: { 'content-type': 'application/problem+json', ...headers } },
    );
const page =
  (status: number): Answer =>
  () =>
    new Response('<html>', { status, headers: { 'content-type': 'text/html' } });
const reset: Answer = () => {
  throw new Error('read ECONNRESET');
};
const post = () => request(app()).post('/messages');

it('passes a message on with the same token in both headers, and returns the answer', async () => {
  answers = [ok];
  const response = await post()
    .set('Idempotency-Key', 'order-1')
    .set('X-Cloud-Trace-Context', '0af7651916cd43dd8448eb211c80319c/1;o=1')
    .send({ text: 'hello', attributes: { colour: 'blue' } });
  expect([response.status, response.body]).toEqual([
    201,
    { ...published, idempotencyKey: 'order-1' },
  ]);
  const [sent] = requests;
  expect(sent?.url).toBe(`${url}/messages`);
  expect(await sent?.json()).toEqual({ text: 'hello', attributes: { colour: 'blue' } });
  expect(sent?.headers.get('authorization')).toMatch(/^Bearer ey/);
  expect(sent?.headers.get('x-serverless-authorization')).toBe(sent?.headers.get('authorization'));
  expect(sent?.headers.get('idempotency-key')).toBe('order-1');
  expect(sent?.headers.get('traceparent')).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-/);
  expect(Number(sent?.headers.get('x-remaining-time-ms'))).toBeGreaterThan(5_000);
});

it('makes an Idempotency-Key and keeps it through every try', async () => {
  answers = [reset, page(503), ok];
  const response = await post().send({ text: 'a' });
  expect(response.status).toBe(201);
  const keys = requests.map(({ headers }) => headers.get('idempotency-key'));
  expect(keys).toEqual(Array(3).fill(response.body.idempotencyKey));
  expect(pauses.every((ms) => ms >= 100 && ms <= 1_000)).toBe(true);
});

it('tells both identities', async () => {
  const receiver = {
    service: 'receiver',
    revision: null,
    serviceAccount: 'receiver@p.iam.gserviceaccount.com',
    calledBy: {
      email,
      subject: '1',
      audience: url,
      issuer: 'https://accounts.google.com',
      expiresAt: '2026-01-01T00:00:00.000Z',
    },
  };
  answers = [() => Response.json(receiver)];
  const response = await request(app()).get('/identity');
  expect(response.body).toEqual({
    caller: { service: 'caller', revision: null, serviceAccount: email },
    receiver,
  });
});

describe('refuses bad messages itself, without a call', () => {
  it.each([{}, { text: '' }, { text: 'a', attributes: { calledBy: 'me' } }])('%j', async (body) => {
    const response = await post().send(body);
    expect([response.status, response.body.code]).toEqual([422, 'invalid_message']);
    expect(requests).toEqual([]);
  });
});

describe('when the receiver fails', () => {
  it.each<[string, Answer[], number, string, number]>([
    ['the front door refuses', [page(403)], 502, 'receiver_refused', 1],
    ['the service is unknown', [page(404)], 502, 'receiver_refused', 1],
    ['the receiver forbids', [problem(403, 'caller_not_allowed')], 502, 'receiver_refused', 1],
    ['401 stays', [problem(401, 'token_expired')], 502, 'receiver_refused', 2],
    ['publishing is forbidden', [problem(502, 'publish_forbidden')], 502, 'receiver_refused', 1],
    ['it has a bug', [problem(500, 'internal')], 502, 'receiver_failed', 1],
    ['it answers nonsense', [() => Response.json({ messageId: 7 })], 502, 'receiver_failed', 1],
    ['it redirects', [() => new Response(null, { status: 302 })], 502, 'receiver_refused', 1],
    ['502 stays', [page(502)], 502, 'receiver_failed', 3],
    ['it is overloaded', [page(429)], 503, 'receiver_unavailable', 3],
    ['it is down', [page(503)], 503, 'receiver_unavailable', 3],
    ['it cannot be reached', [reset], 503, 'receiver_unavailable', 3],
    ['Pub/Sub is down', [problem(503, 'pubsub_unavailable')], 503, 'receiver_unavailable', 1],
    ['it takes too long', [page(504)], 504, 'deadline_exceeded', 3],
  ])('because %s', async (_name, given, status, code, tries) => {
    answers = given;
    const response = await post().send({ text: 'a' });
    expect([response.status, response.body.code]).toEqual([status, code]);
    expect(requests.length).toBe(tries);
    if (status === 503) expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('names who refused, with status and code', async () => {
    answers = [page(403)];
    const front = await post().send({ text: 'a' });
    expect(front.body.upstream).toMatchObject({
      status: 403,
      code: null,
      answeredBy: 'front door',
    });
    expect(front.body.detail).toContain('roles/run.invoker');
    answers = [problem(403, 'caller_not_allowed')];
    const receiver = await post().send({ text: 'a' });
    expect(receiver.body.upstream).toEqual({
      status: 403,
      code: 'caller_not_allowed',
      detail: 'why',
      answeredBy: 'receiver',
    });
  });

  it('a 401 is tried once more with a fresh token', async () => {
    answers = [problem(401, 'token_expired'), ok];
    expect((await post().send({ text: 'a' })).status).toBe(201);
    expect(tokenFetches).toBe(2);
    const [first, second] = requests.map(({ headers }) => headers.get('authorization'));
    expect(first).not.toBe(second);
  });

  it('waits as long as Retry-After asks, or gives up when that is too long', async () => {
    answers = [problem(503, 'overloaded', { 'retry-after': '3' }), ok];
    expect((await post().send({ text: 'a' })).status).toBe(201);
    expect(pauses).toEqual([3_000]);
    answers = [problem(503, 'overloaded', { 'retry-after': '60' })];
    const response = await post().send({ text: 'a' });
    expect([response.status, response.headers['retry-after']]).toEqual([503, '60']);
  });

  it('retries stay a fifth of the requests when everything fails', async () => {
    answers = [page(503)];
    const agent = request(app());
    for (let i = 0; i < 100; i++) await agent.post('/messages').send({ text: 'a' });
    expect(requests.length).toBeLessThanOrEqual(100 + 20 + 10);
    expect(requests.length).toBeGreaterThan(110);
  });
});

it('describes itself in OpenAPI 3.1, with every reference resolved', async () => {
  const { body } = await request(app()).get('/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths)).toEqual([
    '/messages',
    '/identity',
    '/health/live',
    '/health/ready',
  ]);
  const references = JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
  const names = [...references].map(([, name]) => name);
  expect(names).toContain('Message');
  for (const name of names) expect(body.components.schemas).toHaveProperty([String(name)]);
  expect(body.components.schemas.Message.properties.text).toMatchObject({ maxLength: 10_000 });
});

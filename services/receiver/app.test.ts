import { gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { beforeEach, describe, expect, it } from 'vitest';
import { Admission } from '../../shared/http/admission.ts';
import { Problem } from '../../shared/http/problem.ts';
import { Readiness } from '../../shared/http/readiness.ts';
import { requireCaller } from '../../shared/identity/require-caller.ts';
import { createReceiverApp } from './app.ts';
import type { Publisher } from './publisher.ts';

const callerEmail = 'caller@p.iam.gserviceaccount.com';
const receiverEmail = 'receiver@p.iam.gserviceaccount.com';

let readiness: Readiness;
let sent: { data: Buffer; attributes: Record<string, string> }[];
let publish: Publisher['publish'];

/** Accepts the word "good" as the caller's token. */
const authenticate: RequestHandler = requireCaller({
  verifier: {
    verify: async (token) => {
      if (token !== 'good') throw Object.assign(new Error('refused'), { status: 401 });
      return {
        subject: '1',
        email: callerEmail,
        emailVerified: true,
        audience: 'https://receiver',
        issuer: 'https://accounts.google.com',
        expiresAt: new Date(0),
      };
    },
  },
  allowedCallers: [callerEmail],
  realm: 'receiver',
});

beforeEach(() => {
  readiness = new Readiness();
  sent = [];
  publish = async (message) => {
    sent.push(message);
    return { messageId: '7', topic: 'projects/p/topics/events', publishedBy: receiverEmail };
  };
});

function app() {
  return createReceiverApp({
    config: { service: 'receiver', revision: 'receiver-1' },
    logger: pino({ level: 'silent' }),
    readiness,
    admission: new Admission(100),
    account: { email: async () => receiverEmail, knownProjectId: 'p' },
    authenticate,
    publisher: {
      publish: (message, deadline) => publish(message, deadline),
      warmUp: async () => {},
      flush: async () => {},
    },
  });
}

const post = () => request(app()).post('/messages').set('Authorization', 'Bearer good');

it('publishes the text with the attributes of both sides', async () => {
  const response = await post()
    .set('Idempotency-Key', 'order-1')
    .set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
    .send({ text: 'héllo', attributes: { colour: 'blue' } });
  expect(response.status).toBe(201);
  expect(response.body).toEqual({
    messageId: '7',
    topic: 'projects/p/topics/events',
    calledBy: callerEmail,
    publishedBy: receiverEmail,
    idempotencyKey: 'order-1',
  });
  expect(sent[0]?.data.toString()).toBe('{"text":"héllo"}');
  expect(sent[0]?.attributes).toEqual({
    colour: 'blue',
    idempotencyKey: 'order-1',
    calledBy: callerEmail,
    traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/),
  });
});

it('makes an Idempotency-Key where there is none', async () => {
  const response = await post().send({ text: 'a' });
  expect(response.body.idempotencyKey).toMatch(/^[\da-f-]{36}$/);
  expect(sent[0]?.attributes.idempotencyKey).toBe(response.body.idempotencyKey);
});

it('says who it is and whom it sees', async () => {
  const response = await request(app()).get('/identity').set('Authorization', 'Bearer good');
  expect(response.body).toEqual({
    service: 'receiver',
    revision: 'receiver-1',
    serviceAccount: receiverEmail,
    calledBy: {
      email: callerEmail,
      subject: '1',
      audience: 'https://receiver',
      issuer: 'https://accounts.google.com',
      expiresAt: '1970-01-01T00:00:00.000Z',
    },
  });
});

describe('bodies', () => {
  const json = 'application/json';
  const deep = `{"text":${'['.repeat(17)}${']'.repeat(17)}}`;
  it.each<[string, string, string | Buffer, number, string]>([
    ['no JSON', json, '{"text":', 400, 'malformed_json'],
    ['nothing', json, '', 400, 'malformed_json'],
    ['not UTF-8', json, Buffer.from([0x22, 0xff, 0x22]), 400, 'malformed_json'],
    ['a byte order mark', json, '\ufeff{"text":"a"}', 400, 'malformed_json'],
    ['nested without end', json, deep, 400, 'malformed_json'],
    ['nested behind an escaped quote', json, `{"text":"\\"","x":${deep}}`, 400, 'malformed_json'],
    ['deeper than any stack', json, '['.repeat(60_000), 400, 'malformed_json'],
    ['__proto__', json, '{"text":"a","attributes":{"__proto__":"x"}}', 400, 'malformed_json'],
    ['escaped __proto__', json, '{"__pr\\u006fto__":1,"text":"a"}', 400, 'malformed_json'],
    ['too much', json, JSON.stringify({ text: 'x'.repeat(65_536) }), 413, 'content_too_large'],
    ['a form', 'application/x-www-form-urlencoded', 'text=a', 415, 'unsupported_media_type'],
    ['other text', 'text/plain', '{"text":"a"}', 415, 'unsupported_media_type'],
    ['Latin-1', 'application/json; charset=latin1', '{"text":"a"}', 415, 'unsupported_media_type'],
    ['no object', json, '5', 422, 'invalid_message'],
    ['no text', json, '{}', 422, 'invalid_message'],
    ['an empty text', json, '{"text":""}', 422, 'invalid_message'],
    ['a text too long', json, JSON.stringify({ text: 'x'.repeat(10_001) }), 422, 'invalid_message'],
    ['half a character', json, '{"text":"\\ud800"}', 422, 'invalid_message'],
    [
      'a clash of names',
      json,
      '{"text":"a","attributes":{"calledBy":"me"}}',
      422,
      'invalid_message',
    ],
  ])('refuses %s', async (_name, type, body, status, code) => {
    const response = await post()
      .set('Content-Type', type)
      .serialize((value: unknown) => value as string)
      .send(body);
    expect([response.status, response.body.code]).toEqual([status, code]);
    expect(response.type).toBe('application/problem+json');
    expect(sent).toEqual([]);
  });

  it('takes brackets in a text for text', async () => {
    const text = `\\"${'[{'.repeat(50)}`;
    expect((await post().send({ text })).status).toBe(201);
    expect(JSON.parse(String(sent[0]?.data))).toEqual({ text });
  });

  it.each<[number, number]>([
    [16, 422],
    [17, 400],
  ])('nested %i deep are answered with %i', async (levels, status) => {
    const body = `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect((await post().type('json').send(body)).status).toBe(status);
  });

  it.each<[number, number]>([
    [65_536, 201],
    [65_537, 413],
  ])('of %i bytes are answered with %i', async (length, status) => {
    const body = '{"text":"a"}'.padEnd(length);
    expect((await post().type('json').send(body)).status).toBe(status);
  });

  it('are never quoted', async () => {
    const response = await post().type('json').send('{"text":swordfish}');
    expect(response.status).toBe(400);
    expect(response.text).not.toContain('swordfish');
  });

  it('refuses compressed ones', async () => {
    const body = gzipSync(JSON.stringify({ text: 'a' }));
    const response = await post()
      .set('Content-Type', json)
      .set('Content-Encoding', 'gzip')
      .serialize((value: unknown) => value as string)
      .send(body);
    expect([response.status, response.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('lists every fault with its JSON pointer', async () => {
    const attributes = { googx: 'a', 'a/b': 5, long: 'é'.repeat(513), ['k'.repeat(257)]: 'v' };
    const response = await post().send({ text: '', more: 1, attributes });
    const pointers = response.body.errors.map((fault: { pointer: string }) => fault.pointer);
    expect(pointers.sort()).toEqual(
      ['/text', '/more', '/attributes/googx', '/attributes/a~1b', '/attributes/long']
        .concat(`/attributes/${'k'.repeat(257)}`)
        .sort(),
    );
  });

  it('takes what lies exactly on the limits', async () => {
    const keys = Array.from({ length: 97 }, (_, i) => `key-${i}`);
    const attributes = Object.fromEntries(keys.map((key) => [key, 'v']));
    const long = { ['k'.repeat(256)]: 'v'.repeat(1_024) };
    const text = '😀'.repeat(10_000);
    expect((await post().send({ text, attributes: long })).status).toBe(201);
    expect((await post().send({ text: 'a', attributes })).status).toBe(201);
    const response = await post().send({ text: 'a', attributes: { ...attributes, more: 'v' } });
    expect(response.status).toBe(422);
  });
});

describe('Idempotency-Key', () => {
  it.each(['a b', 'é', 'x'.repeat(256), ''])('refuses %j', async (key) => {
    const response = await post().set('Idempotency-Key', key).send({ text: 'a' });
    expect([response.status, response.body.code]).toEqual([400, 'invalid_idempotency_key']);
  });
});

it('refuses before it reads a body', async () => {
  const response = await request(app())
    .post('/messages')
    .type('text/plain')
    .send('x'.repeat(99_999));
  expect([response.status, response.body.code]).toEqual([401, 'missing_token']);
});

it('tells nobody who it is but its callers', async () => {
  const response = await request(app()).get('/identity');
  expect([response.status, response.body.code]).toEqual([401, 'missing_token']);
});

it('answers a failed publish with its problem', async () => {
  publish = async () => {
    throw new Problem('pubsub_unavailable', 'down', { headers: { 'Retry-After': '1' } });
  };
  const response = await post().send({ text: 'a' });
  expect([response.status, response.headers['retry-after']]).toEqual([503, '1']);
});

it('tells a client nothing of what was not foreseen', async () => {
  publish = async () => {
    throw new Error('secret');
  };
  const response = await post().send({ text: 'a' });
  expect([response.status, response.body.code]).toEqual([500, 'internal']);
  expect(JSON.stringify(response.body)).not.toContain('secret');
});

describe('the rest', () => {
  it('has open probes; ready follows start and stop', async () => {
    expect((await request(app()).get('/health/live')).status).toBe(200);
    expect((await request(app()).get('/health/ready')).status).toBe(503);
    readiness.started();
    expect((await request(app()).get('/health/ready')).status).toBe(200);
    readiness.stop();
    readiness.started();
    expect((await request(app()).get('/health/ready')).status).toBe(503);
  });

  it.each<[string, string, number]>([
    ['get', '/nothing', 404],
    ['get', '/Messages', 404],
    ['get', '/messages', 405],
    ['put', '/messages', 405],
    ['delete', '/identity', 405],
    ['get', '/%zz', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const response = await request(app())[method as 'get'](path);
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(response.headers['x-powered-by']).toBeUndefined();
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('ignores a method override', async () => {
    const response = await request(app()).get('/messages').set('X-HTTP-Method-Override', 'POST');
    expect(response.status).toBe(405);
    expect(response.headers.allow).toBe('POST');
  });
});

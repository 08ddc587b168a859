import { once } from 'node:events';
import { request as rawRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import type { IdTokenVerifier } from './id-token-verifier.ts';
import { dependencyDown, type IdentityError, tokenRefused } from './identity-error.ts';
import { callerOf, requireCaller } from './require-caller.ts';

const genuine = {
  subject: '1',
  email: 'caller@p.iam.gserviceaccount.com' as string | undefined,
  emailVerified: true,
  audience: 'https://receiver',
  issuer: 'https://accounts.google.com',
  expiresAt: new Date(0),
};

/** A mocked verifier: each "token" is a word for what it would turn out to be. */
const verifier: IdTokenVerifier = {
  async verify(token) {
    switch (token) {
      case 'good':
        return genuine;
      case 'unverified':
        return { ...genuine, emailVerified: false };
      case 'no-email':
        return { ...genuine, email: undefined };
      case 'outage':
        throw dependencyDown('certificates_unavailable', 'down');
      case 'bug':
        throw new Error('a bug');
      default:
        if (token.includes('@')) return { ...genuine, email: token };
        throw tokenRefused('token_malformed', 'Say "please".');
    }
  },
};

function app() {
  const allowedCallers = ['caller@p.iam.gserviceaccount.com'];
  return express()
    .use(requireCaller({ verifier, allowedCallers, realm: 'receiver' }))
    .get('/', (_request, response) => void response.json(callerOf(response)))
    .use(((error: IdentityError, _request, response, _next) => {
      const { status = 500, headers = {}, code } = error;
      response.status(status).set(headers).json({ code });
    }) as express.ErrorRequestHandler);
}

it('lets an allowed caller in and tells the route who it is', async () => {
  const { status, body } = await request(app()).get('/').set('Authorization', 'Bearer good');
  expect(status).toBe(200);
  expect(body).toEqual({
    email: genuine.email,
    subject: '1',
    audience: 'https://receiver',
    issuer: 'https://accounts.google.com',
    expiresAt: '1970-01-01T00:00:00.000Z',
  });
});

it.each(['bearer good', 'BEARER good', 'Bearer   good'])('reads %j', async (value) => {
  expect((await request(app()).get('/').set('Authorization', value)).status).toBe(200);
});

describe('refusals', () => {
  const bare = 'Bearer realm="receiver"';
  it.each<[string, string | undefined, number, string, string]>([
    ['nothing', undefined, 401, 'missing_token', bare],
    ['another scheme', 'Basic dXNlcjpwYXNz', 401, 'missing_token', bare],
    ['no token', 'Bearer', 401, 'token_malformed', 'error="invalid_token"'],
    ['two tokens', 'Bearer good, Bearer good', 401, 'token_malformed', 'error="invalid_token"'],
    ['garbage', 'Bearer x', 401, 'token_malformed', 'error_description="Say  please ."'],
    ['an unverified address', 'Bearer unverified', 403, 'email_unverified', 'insufficient_scope'],
    ['no address', 'Bearer no-email', 403, 'email_unverified', 'insufficient_scope'],
  ])('%s', async (_name, value, status, code, challenge) => {
    const get = request(app()).get('/');
    const response = await (value === undefined ? get : get.set('Authorization', value));
    expect([response.status, response.body]).toEqual([status, { code }]);
    expect(response.headers['www-authenticate']).toContain(challenge);
    if (challenge === bare) expect(response.headers['www-authenticate']).toBe(bare);
  });

  it.each([
    'Caller@p.iam.gserviceaccount.com',
    'caller@p.iam.gserviceaccount.com.evil.com',
    'c.aller@p.iam.gserviceaccount.com',
    'caller@p.iam.gserviceaccount.com@evil.com',
    'stranger@p.iam.gserviceaccount.com',
    'xcaller@p.iam.gserviceaccount.com',
    'c\u00aaller@p.iam.gserviceaccount.com',
    '@',
  ])('the look-alike %s', async (email) => {
    const response = await request(app()).get('/').set('Authorization', `Bearer ${email}`);
    expect([response.status, response.body]).toEqual([403, { code: 'caller_not_allowed' }]);
  });

  it.each(['Bearer x', 'Bearer unverified', 'Bearer bug', 'Bearer outage', ''])(
    'hand %j on as an error, once: what stands behind never runs',
    async (authorization) => {
      const handler = requireCaller({ verifier, allowedCallers: ['a'], realm: 'receiver' });
      const handedOn: unknown[] = [];
      const incoming = { headersDistinct: { authorization: [authorization] } };
      await handler(incoming as never, {} as never, (error?: unknown) => handedOn.push(error));
      expect(handedOn).toEqual([expect.any(Error)]);
    },
  );

  it('headers that name somebody are ignored', async () => {
    const response = await request(app())
      .get('/')
      .set('X-Serverless-Authorization', 'Bearer good')
      .set('X-Goog-Authenticated-User-Email', 'caller@p.iam.gserviceaccount.com');
    expect(response.status).toBe(401);
  });

  it('several Authorization headers, even if the first is good', async () => {
    const server = app().listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const status = await new Promise((resolve, reject) => {
        const headers = ['Host', 'x', 'Authorization', 'Bearer good', 'Authorization', 'Bearer x'];
        rawRequest({ port, host: '127.0.0.1', headers }, (answer) => resolve(answer.statusCode))
          .on('error', reject)
          .end();
      });
      expect(status).toBe(400);
    } finally {
      server.close();
    }
  });
});

it('passes an outage on as 503, without a challenge', async () => {
  const response = await request(app()).get('/').set('Authorization', 'Bearer outage');
  expect(response.status).toBe(503);
  expect(response.headers['retry-after']).toBe('1');
  expect(response.headers['www-authenticate']).toBeUndefined();
});

it('passes a mistake in the program on as it is', async () => {
  expect((await request(app()).get('/').set('Authorization', 'Bearer bug')).status).toBe(500);
});

it('cannot be made without an allowed caller', () => {
  expect(() => requireCaller({ verifier, allowedCallers: [], realm: 'x' })).toThrow(RangeError);
});

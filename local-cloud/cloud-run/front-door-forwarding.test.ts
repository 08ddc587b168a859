import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { Fixture, host, resource, token } from '../../tests/support/front-door-fixture.ts';
import { gcloudClientId } from '../tokens/id-tokens.ts';
import type { StripMode } from './signature-stripping.ts';

const bearer = `Authorization: Bearer ${token()}`;
const stripped = (signed: string) =>
  `${signed.slice(0, signed.lastIndexOf('.'))}.SIGNATURE_REMOVED_BY_GOOGLE`;

describe('the credentials that the container sees', () => {
  const account = token();
  const person = token({ email: 'ann@example.com', aud: gcloudClientId });
  const personForService = token({ email: 'ann@example.com' });
  it.each<
    [
      title: string,
      strip: StripMode,
      lines: string[],
      authorization: string | undefined,
      serverless: string | undefined,
    ]
  >([
    [
      'service account in Authorization',
      'google',
      [`authorization: bearer ${account}`],
      `bearer ${account}`,
      undefined,
    ],
    [
      'person with gcloud in Authorization',
      'google',
      [`Authorization: Bearer ${person}`],
      `Bearer ${stripped(person)}`,
      undefined,
    ],
    [
      'person with the audience of the service',
      'google',
      [`Authorization: Bearer ${personForService}`],
      `Bearer ${personForService}`,
      undefined,
    ],
    [
      'the same token in both headers',
      'google',
      [`X-Serverless-Authorization: Bearer ${account}`, `Authorization: Bearer ${account}`],
      `Bearer ${account}`,
      `bearer ${stripped(account)}`,
    ],
    [
      'something else in Authorization',
      'google',
      [`X-Serverless-Authorization: Bearer ${account}`, 'Authorization: Basic eA=='],
      'Basic eA==',
      `bearer ${stripped(account)}`,
    ],
    [
      'service account in Authorization',
      'always',
      [`Authorization: Bearer ${account}`],
      `Bearer ${stripped(account)}`,
      undefined,
    ],
    [
      'the same token in both headers',
      'always',
      [`X-Serverless-Authorization: Bearer ${account}`, `Authorization: Bearer ${account}`],
      `Bearer ${account}`,
      `bearer ${stripped(account)}`,
    ],
  ])('%s, strip: %s', async (_title, strip, lines, authorization, serverless) => {
    await using fixture = await Fixture.start({ strip });
    fixture.iam.policies.addBinding(resource, 'roles/run.invoker', 'user:ann@example.com');
    expect((await fixture.get(lines)).status).toBe(200);
    const [seen] = fixture.seen;
    expect(seen?.headers.authorization?.join()).toBe(authorization);
    expect(seen?.headers['x-serverless-authorization']?.join()).toBe(serverless);
  });

  it.each([
    ['Bearer a.b.c', ['bearer a.b.SIGNATURE_REMOVED_BY_GOOGLE']],
    ['secret', undefined],
  ])('on a public service, X-Serverless-Authorization: %s', async (value, expected) => {
    await using fixture = await Fixture.start();
    fixture.iam.policies.addBinding(resource, 'roles/run.invoker', 'allUsers');
    await fixture.get([`X-Serverless-Authorization: ${value}`]);
    expect(fixture.seen[0]?.headers['x-serverless-authorization']).toEqual(expected);
  });
});

describe('the other headers that the container sees', () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';

  it('has those that Google adds, and not those of the connection', async () => {
    await using fixture = await Fixture.start();
    await fixture.get([
      bearer,
      'X-Custom: 1',
      'X-Custom: 2',
      '__proto__: 1',
      'X-Forwarded-For: 203.0.113.9',
      'X-Forwarded-Proto: http',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Proxy-Authorization: Basic eA==',
      'Connection: x-secret',
      'X-Secret: 1',
    ]);
    const headers = fixture.seen[0]?.headers ?? {};
    expect(headers).toMatchObject({
      host: [host],
      'x-custom': ['1', '2'],
      forwarded: ['for="127.0.0.1";proto=https'],
      'x-forwarded-for': ['203.0.113.9,127.0.0.1'],
      'x-forwarded-proto': ['https'],
      traceparent: [expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)],
      'x-cloud-trace-context': [expect.stringMatching(/^[0-9a-f]{32}\/\d+;o=0$/)],
    });
    expect(Object.keys(headers)).toContain('__proto__');
    for (const name of ['keep-alive', 'te', 'proxy-authorization', 'x-secret']) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  it.each<[title: string, lines: string[], traceparent: string, cloudTrace: string]>([
    [
      'traceparent',
      [`traceparent: 00-${trace}-00000000000000ff-01`],
      `00-${trace}-00000000000000ff-01`,
      `${trace}/255;o=1`,
    ],
    [
      'x-cloud-trace-context',
      [`X-Cloud-Trace-Context: ${trace}/255;o=1`],
      `00-${trace}-00000000000000ff-01`,
      `${trace}/255;o=1`,
    ],
    [
      'both',
      [`traceparent: 00-${trace}-00000000000000ff-00`, 'X-Cloud-Trace-Context: x'],
      `00-${trace}-00000000000000ff-00`,
      'x',
    ],
  ])('keeps the trace of %s', async (_title, lines, traceparent, cloudTrace) => {
    await using fixture = await Fixture.start();
    await fixture.get([bearer, ...lines]);
    expect(fixture.seen[0]?.headers.traceparent).toEqual([traceparent]);
    expect(fixture.seen[0]?.headers['x-cloud-trace-context']).toEqual([cloudTrace]);
  });

  it.each([
    'traceparent: 00-00000000000000000000000000000000-00000000000000ff-01',
    'traceparent: x',
    `X-Cloud-Trace-Context: ${trace}/99999999999999999999`,
    'X-Cloud-Trace-Context: 00000000000000000000000000000000/1',
  ])('puts a sound traceparent in place of %s', async (line) => {
    await using fixture = await Fixture.start();
    await fixture.get([bearer, line]);
    expect(fixture.seen[0]?.headers.traceparent?.join()).toMatch(
      /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]$/,
    );
  });
});

describe('bodies', () => {
  const post = (lines: string[]) => ['POST /a?b=c HTTP/1.1', `Host: ${host}`, bearer, ...lines];

  it('pass with their length, and in chunks', async () => {
    await using fixture = await Fixture.start();
    await fixture.raw(post(['Content-Length: 5']), 'hello');
    await fixture.raw(post(['Transfer-Encoding: chunked']), '5\r\nhello\r\n0\r\n\r\n');
    expect(fixture.seen).toMatchObject([
      { method: 'POST', url: '/a?b=c', body: 'hello', headers: { 'content-length': ['5'] } },
      {
        method: 'POST',
        url: '/a?b=c',
        body: 'hello',
        headers: { 'transfer-encoding': ['chunked'] },
      },
    ]);
  });

  it.each([
    ['in chunks', ['Transfer-Encoding: chunked'], '13\r\nGET /x HTTP/1.1\r\n\r\n\r\n0\r\n\r\n'],
    [
      'with its length unlisted',
      ['Content-Length: 19', 'Connection: content-length'],
      'GET /x HTTP/1.1\r\n\r\n',
    ],
  ])('of a GET %s smuggle no second request', async (_title, lines, body) => {
    await using fixture = await Fixture.start();
    const head = ['GET / HTTP/1.1', `Host: ${host}`, bearer, ...lines];
    // `raw` adds Connection: close; the front door's connection to the container stays open.
    expect((await fixture.raw(head, body)).status).toBe(200);
    expect((await fixture.get([bearer], '/next')).status).toBe(200);
    expect(fixture.seen.map(({ url }) => url)).toEqual(['/', '/next']);
  });

  it.each<[title: string, lines: string[], body: string]>([
    ['announced', ['Content-Length: 11'], ''],
    ['in chunks', ['Transfer-Encoding: chunked'], '6\r\n123456\r\n6\r\n123456\r\n0\r\n\r\n'],
  ])('that are too large are refused: %s', async (_title, lines, body) => {
    await using fixture = await Fixture.start({ maxBodyBytes: 10 });
    expect((await fixture.raw(post(lines), body)).status).toBe(413);
    expect(fixture.notices).toEqual(['receiver was sent a body of more than 10 bytes.']);
  });

  it('that the container answers without reading do not block the next request', async () => {
    await using fixture = await Fixture.start({}, (_incoming, response) => {
      response.writeHead(415).end();
    });
    const client = request({
      host: '127.0.0.1',
      port: fixture.port,
      method: 'POST',
      headers: { host, authorization: `Bearer ${token()}` },
    });
    client.write('the beginning');
    const [response] = await once(client, 'response');
    expect(response.statusCode).toBe(415);
    client.end(' and the end');
    expect((await fixture.get([bearer])).status).toBe(415);
  });

  it('stream both ways', async () => {
    await using fixture = await Fixture.start({}, (incoming, response) => {
      incoming.pipe(response);
    });
    const client = request({
      host: '127.0.0.1',
      port: fixture.port,
      method: 'POST',
      headers: { host, authorization: `Bearer ${token()}` },
    });
    client.write('one');
    const [response] = await once(client, 'response');
    expect(String((await once(response, 'data'))[0])).toBe('one');
    client.write('two');
    expect(String((await once(response, 'data'))[0])).toBe('two');
    client.end();
    await once(response, 'end');
  });
});

describe('answers', () => {
  it('come back as they are, without the headers of the connection', async () => {
    await using fixture = await Fixture.start({}, (_request, response) => {
      response.writeHead(418, 'Teapot', [
        ...['Set-Cookie', 'a=1'],
        ...['Set-Cookie', 'b=2'],
        ...['Connection', 'x-internal'],
        ...['X-Internal', '1'],
      ]);
      response.end('short and stout');
    });
    const socket = connect(fixture.port, '127.0.0.1');
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n${bearer}\r\nConnection: close\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 418 Teapot\r\n/);
    expect(answer).toMatch(/Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n/);
    expect(answer).not.toMatch(/x-internal/i);
    expect(answer).toContain('short and stout');
  });

  it('are 503 when no container runs, or it refuses connections', async () => {
    await using fixture = await Fixture.start();
    const { containerPort } = fixture;
    fixture.containerPort = undefined;
    expect((await fixture.get([bearer])).status).toBe(503);
    fixture.containerPort = 1;
    const answer = await fixture.get([bearer]);
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('The service you requested is not available yet.');
    expect(fixture.notices).toEqual(['receiver is not running.', 'receiver is not listening.']);
    fixture.containerPort = containerPort;
    expect((await fixture.get([bearer])).status).toBe(200);
  });

  it('are 503 when the container hangs up before it answers', async () => {
    await using fixture = await Fixture.start({}, (incoming) => incoming.socket.destroy());
    const answer = await fixture.get([bearer]);
    expect(answer).toMatchObject({
      status: 503,
      body: 'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
    });
    expect(fixture.notices).toEqual(['receiver closed the connection before it answered.']);
  });

  it('are cut off when the container hangs up in the middle', async () => {
    await using fixture = await Fixture.start({}, (incoming, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half', () => incoming.socket.destroy());
    });
    const answer = await fixture.get([bearer]).catch(() => undefined);
    expect(answer?.body ?? '').not.toContain('disconnect');
    expect(fixture.notices).toEqual([
      'receiver closed the connection in the middle of its answer.',
    ]);
  });

  it('are 504 when the container takes longer than 300 s', async () => {
    const arrived = Promise.withResolvers<void>();
    await using fixture = await Fixture.start({}, () => arrived.resolve());
    const answer = fixture.get([bearer]);
    await arrived.promise;
    fixture.clock.advanceBy(299_000);
    expect(fixture.notices).toEqual([]);
    fixture.clock.advanceBy(1_000);
    expect(await answer).toMatchObject({ status: 504, body: 'upstream request timeout' });
    expect(fixture.notices).toEqual(['receiver did not answer within 300 s.']);
  });

  it('are given up when the client leaves', async () => {
    const left = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    await using fixture = await Fixture.start({}, (incoming, response) => {
      incoming.resume();
      response.once('close', () => left.resolve());
      arrived.resolve();
    });
    const socket = connect(fixture.port, '127.0.0.1');
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n${bearer}\r\n\r\n`);
    await arrived.promise;
    socket.destroy();
    await left.promise;
    expect(fixture.notices).toEqual([]);
  });
});

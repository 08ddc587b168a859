import { Agent, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { Readiness } from './readiness.ts';
import { serve } from './serve.ts';

const agent = new Agent({ keepAlive: true });
let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  process.removeAllListeners('SIGTERM');
  process.removeAllListeners('SIGINT');
});

async function start(
  app: (request: IncomingMessage, response: ServerResponse) => void,
  flush?: () => Promise<void>,
) {
  const readiness = new Readiness();
  const events: string[] = [];
  const running = await serve({
    app,
    port: 0,
    logger: pino({ level: 'silent' }),
    readiness,
    flush: flush ?? (async () => void events.push('flush')),
    exit: (code) => events.push(`exit ${code}`),
  });
  readiness.started();
  server = running.server;
  const { port } = running.server.address() as AddressInfo;
  return { port, events, readiness, stop: running.stop };
}

const get = (port: number) =>
  new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    request({ port, agent }, (response) => {
      response.resume();
      const { statusCode: status, headers } = response;
      response.on('end', () => resolve({ status, connection: headers.connection }));
    })
      .on('error', reject)
      .end();
  });

/** What the server answers to bytes, until it closes. */
const exchange = (port: number, bytes: string) =>
  new Promise<string>((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1');
    socket
      .setEncoding('utf8')
      .on('data', (text) => {
        answer += text;
      })
      .on('close', () => resolve(answer))
      .on('error', reject);
    socket.write(bytes);
  });

it('on SIGTERM finishes what it has begun, moves clients away, flushes and exits with 0', async () => {
  const began = Promise.withResolvers<void>();
  const held: ServerResponse[] = [];
  const { port, events, readiness, stop } = await start((message, response) => {
    if (message.headers.slow) {
      held.push(response);
      began.resolve();
    } else response.end('ok');
  });
  expect(await get(port)).toMatchObject({ status: 200, connection: 'keep-alive' });
  const slow = exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nSlow: 1\r\n\r\n');
  await began.promise;

  process.emit('SIGTERM');
  expect(readiness.ready).toBe(false);
  expect(await get(port)).toMatchObject({ status: 200, connection: 'close' });
  process.emit('SIGTERM');
  expect(events).toEqual([]);
  held[0]?.end('finished');
  const finished = await slow;
  expect(finished).toContain('finished');
  expect(finished).toContain('Connection: close');
  await stop();
  expect(events).toEqual(['flush', 'exit 0']);
  await expect(get(port)).rejects.toThrow('ECONNREFUSED');
});

it('exits also when what is left cannot be flushed', async () => {
  const { stop, events } = await start(
    (_request, response) => response.end(),
    () => new Promise(() => {}),
  );
  await stop();
  expect(events).toEqual(['exit 0']);
});

it.each([
  [
    'too large headers',
    `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(17_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
  ['garbage', 'garbage\r\n\r\n', 400, 'malformed_request'],
  [
    'two ways to say how long it is',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'malformed_request',
  ],
  ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
  [
    'a target that is no URL',
    'GET http://[/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    400,
    'malformed_request',
  ],
  [
    'an expectation',
    'GET / HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\nConnection: close\r\n\r\n',
    417,
    'expectation_failed',
  ],
])('answers %s with a problem', async (_name, bytes, status, code) => {
  const { port } = await start((_request, response) => response.end('ok'));
  const answer = await exchange(port, bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain('Content-Type: application/problem+json');
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status, code });
});

it('gives slow clients as long as promised, and Google as long as it keeps a connection', async () => {
  await start((_request, response) => response.end());
  expect(server).toMatchObject({
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 620_000,
  });
});

it('takes the absolute form of a target for its path', async () => {
  const { port } = await start((request, response) => response.end(request.url));
  const head = 'Host: x\r\nConnection: close\r\n\r\n';
  expect(await exchange(port, `GET http://x/a?b HTTP/1.1\r\n${head}`)).toMatch(/\/a\?b$/);
});

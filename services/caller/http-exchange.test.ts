import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ExchangeTimeout, exchangesWith } from './http-exchange.ts';

async function serverThat(answers: RequestListener, host = '127.0.0.1') {
  const server = createServer(answers);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const send = exchangesWith(`http://${host.includes(':') ? `[${host}]` : host}:${port}`);
  return {
    server,
    send: (deadlineMs = 10_000) =>
      send({
        method: 'POST',
        path: '/messages?x=1',
        headers: { 'content-type': 'application/json', 'x-own': 'yes' },
        body: '{"text":"é"}',
        deadlineMs,
      }),
  };
}

it.each(['127.0.0.1', '::1'])('sends the request and reads the whole answer (%s)', async (host) => {
  const { send } = await serverThat(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    response.writeHead(201, { 'retry-after': '3' });
    response.write(`${method} ${url} ${headers['content-length']} ${headers['x-own']} `);
    setImmediate(() => response.end(body));
  }, host);
  const answer = await send();
  expect(answer.status).toBe(201);
  expect(answer.headers['retry-after']).toBe('3');
  expect(answer.body).toBe('POST /messages?x=1 13 yes {"text":"é"}');
});

it('keeps its connection for the next request', async () => {
  let connections = 0;
  const { server, send } = await serverThat((_request, response) => response.end('{}'));
  server.on('connection', () => connections++);
  for (let i = 0; i < 5; i++) await send();
  expect(connections).toBe(1);
});

it('takes a redirect for an answer', async () => {
  const { send } = await serverThat((_request, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  );
  expect((await send()).status).toBe(302);
});

it.each<[string, RequestListener]>([
  ['does not answer', () => {}],
  ['stops in the middle', (_request, response) => void response.writeHead(201).write('{')],
])('gives up when the other side %s', async (_name, answers) => {
  const { send } = await serverThat(answers);
  await expect(send(50)).rejects.toThrow(ExchangeTimeout);
});

it('does not read an answer without end', async () => {
  const { send } = await serverThat((_request, response) => {
    const more = () => {
      while (response.write('x'.repeat(10_000)));
    };
    response.on('drain', more);
    more();
  });
  expect(await send()).toMatchObject({ status: 200, body: '' });
});

it.each<[string, RequestListener]>([
  ['before the answer', (request) => request.socket.destroy()],
  [
    'in the middle of it',
    (_request, response) => {
      response.writeHead(200, { 'content-length': '9' });
      response.write('{', () => response.socket?.destroy());
    },
  ],
])('fails when the connection breaks %s', async (_name, answers) => {
  const { send } = await serverThat(answers);
  await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('fails when nobody listens', async () => {
  const { server, send } = await serverThat(() => {});
  await new Promise((resolve) => server.close(resolve));
  await expect(send()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

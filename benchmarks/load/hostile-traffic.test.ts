import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { hostileTraffic } from './hostile-traffic.ts';
import type { Outcome, Send } from './open-loop.ts';
import { rawExchange } from './raw-exchange.ts';

const token = (claims: object) =>
  [{ alg: 'RS256', kid: 'k', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('c2lnbmF0dXJl')
    .join('.');
const tokens = {
  wrongAudience: token({ aud: 'https://elsewhere.example.com', email: 'caller' }),
  stranger: token({ aud: 'https://receiver', email: 'stranger' }),
};
const ways = 9;

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const sent = (send: Send, index: number) => new Promise<Outcome>((resolve) => send(index, resolve));

it('comes in nine ways, none of them with a token for this receiver and its caller', async () => {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(401).end();
  });
  const port = await listening(server);
  const traffic = hostileTraffic(port, { tokens, audience: 'https://receiver' });
  onTestFinished(() => traffic.close());
  const outcomes: Outcome[] = [];
  for (let index = 0; index < ways; index += 1) outcomes.push(await sent(traffic.send, index));

  // The huge header is refused by Node itself, before the handler.
  expect(outcomes).toEqual([401, 401, 401, 401, 401, 401, 401, 431, 401]);
  const credentials = requests.map(({ headers }) => headers.authorization?.slice('Bearer '.length));
  const [forged, unknownKey, wrongAudience, stranger, unsigned, garbage, none] = credentials;
  expect([wrongAudience, stranger, none]).toEqual([
    tokens.wrongAudience,
    tokens.stranger,
    undefined,
  ]);
  expect(claimsOf(forged)).toEqual({ aud: 'https://receiver', email: 'caller' });
  expect(forged?.split('.')[2]).toBe('c2lnbmF0dXJl');
  expect(headerOf(unknownKey).kid).toMatch(/^[\da-f]{40}$/);
  expect(headerOf(unsigned).alg).toBe('none');
  expect(garbage).not.toContain('.');
});

it('every unknown key is another one', async () => {
  const keyIds: string[] = [];
  const server = createServer((request, response) => {
    keyIds.push(headerOf(request.headers.authorization).kid);
    response.writeHead(401).end();
  });
  const port = await listening(server);
  const traffic = hostileTraffic(port, { tokens, audience: 'https://receiver' });
  onTestFinished(() => traffic.close());
  await sent(traffic.send, 1);
  await sent(traffic.send, 1 + ways);
  expect(new Set(keyIds).size).toBe(2);
});

it('a connection that is cut is no answer', async () => {
  const port = await listening(createTcpServer((socket) => socket.end()));
  const outcome = await sent((_index, done) => rawExchange(port, ['GET / '], 1, done), 0);
  expect(outcome).toMatch(/CLOSED_WITHOUT_ANSWER|ECONNRESET|EPIPE/);
});

const partOf = (given: string | undefined, index: number) =>
  JSON.parse(
    Buffer.from(given?.replace('Bearer ', '').split('.')[index] ?? '', 'base64url').toString(),
  );
const headerOf = (given: string | undefined) => partOf(given, 0);
const claimsOf = (given: string | undefined) => partOf(given, 1);

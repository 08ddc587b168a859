import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { jsonBody } from './json-body.ts';
import { Problem } from './problem.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** A client that has said how much it will send, and closes its connection afterwards. */
async function announce(length: number) {
  const refusedAfterAll: boolean[] = [];
  const app = express().use(jsonBody);
  app.use(((error, refused: IncomingMessage, response, _next) => {
    refusedAfterAll.push(refused.complete);
    response.status(error instanceof Problem ? error.status : 500).end();
  }) as express.ErrorRequestHandler);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const headers = {
    connection: 'close',
    'content-type': 'application/json',
    'content-length': length,
  };
  const sent = request({ port, host: '127.0.0.1', method: 'POST', headers });
  sent.flushHeaders();
  let status: number | undefined;
  const answer = new Promise<number | undefined>((resolve, reject) => {
    sent.once('error', reject).once('response', (response) => {
      status = response.resume().statusCode;
      resolve(status);
    });
  });
  return { sent, answer, refusedAfterAll, statusSoFar: () => status };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('refuses a body that says that it is too large, though nothing of it comes', async () => {
  const { statusSoFar, refusedAfterAll } = await announce(65_537);
  // Two seconds in all, however long the machine takes.
  for (let ms = 0; statusSoFar() === undefined && ms < 60_000; ms += 1) {
    await turn();
    vi.advanceTimersByTime(1);
  }
  expect(statusSoFar()).toBe(413);
  expect(refusedAfterAll).toEqual([false]);
});

it('lets it go by when it does come, so that no reset takes the answer away', async () => {
  const length = 11 * 2 ** 20;
  const { sent, answer, refusedAfterAll } = await announce(length);
  sent.end(Buffer.alloc(length, 'x'));
  expect(await answer).toBe(413);
  expect(refusedAfterAll).toEqual([true]);
});

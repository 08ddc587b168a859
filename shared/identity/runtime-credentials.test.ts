import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RuntimeCredentials } from './runtime-credentials.ts';

type Handler = Parameters<typeof createServer>[1] & object;

const token = (_request: unknown, response: Parameters<Handler>[1]) =>
  response
    .writeHead(200, { 'metadata-flavor': 'Google', 'content-type': 'application/json' })
    .end('{"access_token":"secret","expires_in":3600,"token_type":"Bearer"}');

let answer: Handler;
const metadataServer = createServer((request, response) => answer(request, response));

beforeEach(async () => {
  await new Promise<void>((resolve) => metadataServer.listen(0, '127.0.0.1', resolve));
  const { port } = metadataServer.address() as AddressInfo;
  vi.stubEnv('GCE_METADATA_HOST', `127.0.0.1:${port}`);
  // As on Cloud Run: the library then sets no timeout of its own.
  vi.stubEnv('K_SERVICE', 'receiver');
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  metadataServer.closeAllConnections();
  await new Promise((resolve) => metadataServer.close(resolve));
});

it('gives the access token of the metadata server, and keeps it', async () => {
  let fetches = 0;
  answer = (request, response) => {
    fetches++;
    token(request, response);
  };
  const credentials = new RuntimeCredentials();
  expect((await credentials.getAccessToken()).token).toBe('secret');
  expect((await credentials.getAccessToken()).token).toBe('secret');
  expect(fetches).toBe(1);
});

it('gives up a metadata server that hangs, and works as soon as that does', async () => {
  const arrived = Promise.withResolvers<void>();
  answer = () => arrived.resolve();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const credentials = new RuntimeCredentials();
  const failed = expect(credentials.getAccessToken()).rejects.toMatchObject({
    code: 'metadata_unavailable',
    status: 503,
  });
  await arrived.promise;
  vi.advanceTimersByTime(2_500);
  await failed;
  vi.useRealTimers();
  answer = token;
  expect((await credentials.getAccessToken()).token).toBe('secret');
});

import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { jsonBody } from './json-body.ts';
import { Problem } from './problem.ts';

it('refuses a body that says that it is too large before any of it has come', async () => {
  const app = express().use(jsonBody);
  app.use(((error, _request, response, _next) => {
    response.status(error instanceof Problem ? error.status : 500).end();
  }) as express.ErrorRequestHandler);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const headers = { 'content-type': 'application/json', 'content-length': 65_537 };
  const { port } = server.address() as AddressInfo;
  const status = await new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', headers }, (response) =>
      resolve(response.statusCode),
    ).on('error', reject);
    sent.flushHeaders();
  });
  expect(status).toBe(413);
});

import express from 'express';
import request from 'supertest';
import { expect, it } from 'vitest';
import { recordingLogger } from '../../tests/support/recording-logger.ts';
import { errorHandler } from './error-handler.ts';
import { requestContext } from './request-context.ts';

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln';

/** What a route that fails with `error` is answered with, and logs. */
async function failWith(error: Error) {
  const { logger, log } = recordingLogger();
  const app = express()
    .use(requestContext({ logger, projectId: () => 'p' }))
    .get('/', () => {
      throw error;
    })
    .use(errorHandler);
  const response = await request(app).get('/');
  await expect.poll(log).toContain('GET / 500');
  return { response, log: log() };
}

it('logs why, with all causes, and answers not a word of it', async () => {
  const { response, log } = await failWith(new Error('outer', { cause: new TypeError('inner') }));
  expect(response.text).not.toMatch(/outer|inner/);
  expect(JSON.parse(log).reason).toEqual(['Error: outer', 'TypeError: inner']);
});

it('logs no token that a library quotes', async () => {
  const { response, log } = await failWith(
    new Error(`bad ${token}`, { cause: new Error(`worse ya29.secret`) }),
  );
  expect(response.text + log).not.toMatch(/eyJ|ya29/);
  expect(JSON.parse(log).reason).toEqual(['Error: bad [token]', 'Error: worse [token]']);
});

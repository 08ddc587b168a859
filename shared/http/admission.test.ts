import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { expect, it } from 'vitest';
import { Admission } from './admission.ts';
import { createBaseApp } from './base-app.ts';
import { errorHandler } from './error-handler.ts';
import { Readiness } from './readiness.ts';

/** An app with room for two, whose work ends when the test says so. */
function appWithRoomForTwo() {
  const admission = new Admission(2);
  const readiness = new Readiness();
  readiness.started();
  const logger = pino({ level: 'silent' });
  const app = createBaseApp({ logger, readiness, admission, projectId: () => undefined });
  const atWork: PromiseWithResolvers<void>[] = [];
  app.get(
    '/work',
    admission.bounded(async (_request, response) => {
      const work = Promise.withResolvers<void>();
      atWork.push(work);
      await work.promise;
      response.json({});
    }),
  );
  app.use(errorHandler);
  return { app: express().use(app), atWork, admission };
}

it('refuses what is too much at once, says so to the probe, and recovers by itself', async () => {
  const { app, atWork } = appWithRoomForTwo();
  const both = [request(app).get('/work').then(), request(app).get('/work').then()];
  await expect.poll(() => atWork.length).toBe(2);

  const third = await request(app).get('/work');
  expect([third.status, third.body.code, third.headers['retry-after']]).toEqual([
    503,
    'overloaded',
    '1',
  ]);
  const probe = await request(app).get('/health/ready');
  expect([probe.status, probe.body.code, probe.headers['retry-after']]).toEqual([
    503,
    'not_ready',
    '1',
  ]);
  expect((await request(app).get('/health/live')).status).toBe(200);

  // Failed work makes room as finished work does.
  atWork[0]?.resolve();
  atWork[1]?.reject(new Error('for the log'));
  expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 500]);
  expect((await request(app).get('/health/ready')).status).toBe(200);
  const next = request(app).get('/work').then();
  await expect.poll(() => atWork.length).toBe(3);
  atWork[2]?.resolve();
  expect((await next).status).toBe(200);
});

it('keeps the place of work whose client has gone', async () => {
  const { app, atWork, admission } = appWithRoomForTwo();
  const gone = request(app).get('/work');
  gone.end(() => {});
  await expect.poll(() => atWork.length).toBe(1);
  gone.abort();
  const other = request(app).get('/work').then();
  await expect.poll(() => atWork.length).toBe(2);
  expect(admission.full).toBe(true);
  for (const work of atWork) work.resolve();
  await other;
  expect(admission.full).toBe(false);
});

it.each([0, -1, 1.5, Number.NaN])('takes no bound of %d', (most) => {
  expect(() => new Admission(most)).toThrow(RangeError);
});

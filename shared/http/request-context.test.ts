import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { recordingLogger } from '../../tests/support/recording-logger.ts';
import { continueTrace, requestContext, traceparent } from './request-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

describe('a trace is continued from', () => {
  it.each([
    ['traceparent', { traceparent: `00-${traceId}-b7ad6b7169203331-01` }, true],
    ['traceparent, not sampled', { traceparent: `00-${traceId}-b7ad6b7169203331-00` }, false],
    ['a later version of it', { traceparent: `01-${traceId}-b7ad6b7169203331-01-more` }, true],
    ["Google's header", { 'x-cloud-trace-context': `${traceId}/123;o=1` }, true],
    ["Google's header without options", { 'x-cloud-trace-context': traceId }, false],
    ["Google's header in capitals", { 'x-cloud-trace-context': traceId.toUpperCase() }, false],
  ])('%s', (_name, headers, sampled) => {
    const trace = continueTrace({ headers });
    expect(trace).toMatchObject({ traceId, sampled });
    expect(trace.spanId).toMatch(/^[\da-f]{16}$/);
    expect(traceparent(trace)).toBe(`00-${traceId}-${trace.spanId}-0${Number(sampled)}`);
  });
});

describe('a new one begins with', () => {
  it.each([
    {},
    { traceparent: 'garbage' },
    { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` },
    { traceparent: `00-${traceId}-${'0'.repeat(16)}-01` },
    { traceparent: `ff-${traceId}-b7ad6b7169203331-01` },
    { traceparent: `00-${traceId.toUpperCase()}-b7ad6b7169203331-01` },
    { 'x-cloud-trace-context': `${'0'.repeat(32)}/1;o=1` },
    { 'x-cloud-trace-context': `${traceId}/1;o=1\u0000` },
  ])('%j', (headers) => {
    const trace = continueTrace({ headers });
    expect(trace.traceId).toMatch(/^[\da-f]{32}$/);
    expect(trace.traceId).not.toBe(traceId);
  });
});

it('logs no token, whatever part of a request it stands in, and no query', async () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln';
  const { logger, log } = recordingLogger();
  const app = express()
    .use(requestContext({ logger, projectId: () => 'p' }))
    .use((_request, response) => void response.end());
  await request(app)
    .get(`/a/${token}?access_token=secret`)
    .set('Authorization', `Bearer ${token}`)
    .set('User-Agent', `curl ${token}`);
  await expect.poll(log).not.toBe('');
  expect(log()).not.toMatch(/eyJ|secret/);
  expect(JSON.parse(log())).toMatchObject({
    message: 'GET /a/[token] 200',
    httpRequest: { requestUrl: '/a/[token]', userAgent: 'curl [token]' },
  });
});

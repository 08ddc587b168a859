import { describe, expect, it } from 'vitest';
import { createLogger, withoutTokens } from './logger.ts';

it("writes Cloud Logging's format, one JSON object a line", () => {
  const lines: string[] = [];
  const logger = createLogger(
    { level: 'trace', service: 'caller', revision: 'caller-1' },
    { write: (line) => void lines.push(line) },
  );
  logger.warn({ code: 'x' }, 'hello');
  expect(JSON.parse(String(lines[0]))).toEqual({
    severity: 'WARNING',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    serviceContext: { service: 'caller', version: 'caller-1' },
    code: 'x',
    message: 'hello',
  });
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)
    logger[level]('');
  expect(lines.slice(1).map((line) => JSON.parse(line).severity)).toEqual([
    'DEBUG',
    'DEBUG',
    'INFO',
    'WARNING',
    'ERROR',
    'CRITICAL',
  ]);
});

describe('withoutTokens', () => {
  it.each([
    ['No pem found for eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln!', 'No pem found for [token]!'],
    ['half: eyJhbGciOiJSUzI1NiJ9', 'half: [token]'],
    ['ya29.a0Af_x-y.z is bad', '[token] is bad'],
    ['/messages', '/messages'],
  ])('%s', (text, clean) => expect(withoutTokens(text)).toBe(clean));

  it('cuts what is long', () => expect(withoutTokens('x'.repeat(5_000)).length).toBe(1_000));
});

import { spawnSync } from 'node:child_process';
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

it('loses no line when the process ends', () => {
  const program = `
    import { createLogger } from ${JSON.stringify(import.meta.resolve('./logger.ts'))};
    const logger = createLogger({ level: 'info', service: 'caller' });
    for (let i = 0; i < 200; i++) logger.info('line ' + i);
    process.exit();
  `;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  const messages = stdout.split('\n').map((line) => line && JSON.parse(line).message);
  expect(messages).toEqual([...Array.from({ length: 200 }, (_, i) => `line ${i}`), '']);
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

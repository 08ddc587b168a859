import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

it.each([
  ['while the first lines are written', ''],
  ['after they were', "await new Promise((resolve) => process.stdin.once('data', resolve));"],
])('loses no line when the process ends %s', async (_when, pause) => {
  const program = `
    import { createLogger } from ${JSON.stringify(import.meta.resolve('./logger.ts'))};
    const logger = createLogger({ level: 'info', service: 'caller' });
    logger.info('line 0');
    ${pause}
    for (let i = 1; i < 200; i++) logger.info('line ' + i);
    process.exit();
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  child.stdin.on('error', () => {});
  let output = '';
  child.stdout.on('data', (text) => {
    if (output === '') child.stdin.write('seen');
    output += text;
  });
  await once(child, 'close');
  const lines = output.trimEnd().split('\n');
  const messages = lines.map((line) => JSON.parse(line).message);
  // What is written at the end may overtake what a thread is writing: each line tells its time.
  expect(new Set(messages)).toEqual(new Set(Array.from({ length: 200 }, (_, i) => `line ${i}`)));
  expect(messages.length).toBe(200);
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

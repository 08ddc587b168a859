import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { paintFor } from './paint.ts';

// What the machine wishes must not decide.
beforeEach(() => {
  for (const name of ['NO_COLOR', 'NODE_DISABLE_COLORS', 'FORCE_COLOR'])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it('leaves texts for a file or a pipe as they are', () => {
  expect(paintFor(new PassThrough())('red', 'no')).toBe('no');
});

it('colours for a terminal', () => {
  // Node asks for both: whether it is a terminal, and how many colours it has.
  const terminal = Object.assign(Object.create(WriteStream.prototype), {
    isTTY: true,
    getColorDepth: () => 8,
  });
  expect(paintFor(terminal)('red', 'no')).toBe('\u001b[31mno\u001b[39m');
});

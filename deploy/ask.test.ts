import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { ask } from './ask.ts';

it.each([
  ['an answer', 'my-project\r', 'my-project'],
  ['Ctrl-C', 'my-pro\x03', ''],
  ['Ctrl-D', '\x04', ''],
])('returns what is typed: %s', async (_title, keys, expected) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = ask('Sure? ', { input, output });
  input.write(keys);
  expect(await answer).toBe(expected);
});

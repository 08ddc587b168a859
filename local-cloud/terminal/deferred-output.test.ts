import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DeferredOutput } from './deferred-output.ts';

it('writes what comes together at once, in order, and later', async () => {
  const written: string[] = [];
  const output = new DeferredOutput((text) => written.push(text));
  output.print(() => 'first');
  output.print(() => 'second');
  expect(written).toEqual([]);
  await setImmediate();
  expect(written).toEqual(['first\nsecond\n']);
  output.print(() => 'third');
  await setImmediate();
  expect(written).toEqual(['first\nsecond\n', 'third\n']);
});

it('writes what is waiting when the process ends, once', async () => {
  const written: string[] = [];
  const output = new DeferredOutput((text) => written.push(text));
  output.flush();
  output.print(() => 'last');
  output.flush();
  await setImmediate();
  expect(written).toEqual(['last\n']);
});

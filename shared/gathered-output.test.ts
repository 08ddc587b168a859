import { beforeEach, expect, it, vi } from 'vitest';
import { GatheredOutput } from './gathered-output.ts';

let writes: string[];
let output: GatheredOutput;

beforeEach(() => {
  vi.useFakeTimers();
  writes = [];
  output = new GatheredOutput({ write: (text) => void writes.push(text) }, 5);
  return () => vi.useRealTimers();
});

it('writes a line that comes alone at once', () => {
  output.write('one\n');
  expect(writes).toEqual(['one\n']);
  vi.advanceTimersByTime(5);
  output.write('two\n');
  expect(writes).toEqual(['one\n', 'two\n']);
});

it('writes those of the next milliseconds together, each once and in their order', () => {
  for (const line of ['one\n', 'two\n', 'three\n']) output.write(line);
  expect(writes).toEqual(['one\n']);
  vi.advanceTimersByTime(4);
  output.write('four\n');
  vi.advanceTimersByTime(1);
  expect(writes).toEqual(['one\n', 'two\nthree\nfour\n']);
  output.write('five\n');
  expect(writes.length).toBe(2);
  vi.advanceTimersByTime(5);
  expect(writes.join('')).toBe('one\ntwo\nthree\nfour\nfive\n');
});

it('writes what waits when it is told to, and nothing twice', () => {
  output.write('one\n');
  output.write('two\n');
  output.flush();
  expect(writes).toEqual(['one\n', 'two\n']);
  output.flush();
  vi.runAllTimers();
  expect(writes).toEqual(['one\n', 'two\n']);
});

it('leaves no timer behind when nothing comes', () => {
  output.write('one\n');
  vi.advanceTimersByTime(10);
  expect(vi.getTimerCount()).toBe(0);
});

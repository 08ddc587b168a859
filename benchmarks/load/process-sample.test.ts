import { describe, expect, it } from 'vitest';
import { busyOf, cpuOf, rssOf, sampleProcess } from './process-sample.ts';

it('reads resident memory in bytes', () => {
  expect(rssOf('Name:\tnode\nVmHWM:\t  9 kB\nVmRSS:\t  2048 kB\n')).toBe(2 * 2 ** 20);
  expect(() => rssOf('Name:\tkthreadd\n')).toThrow('no resident memory');
});

it('reads user and system time, whatever the program is called', () => {
  const rest = 'S 1 2 3 4 5 6 7 8 9 10 250 50 7 7 20 0';
  expect(cpuOf(`42 (node) ${rest}`)).toBe(3_000);
  expect(cpuOf(`42 (a b) c (d)) ${rest}`)).toBe(3_000);
});

it('reads how long the machine has worked, without its rest and its guests', () => {
  expect(busyOf('cpu  1 2 3 1000 1000 4 5 6 100 100\ncpu0 9 9 9 9 9 9 9 9 9 9\n')).toBe(210);
});

describe.runIf(process.platform === 'linux')('a real process', () => {
  it('is sampled', () => {
    const { rssBytes, cpuMs, handles } = sampleProcess(process.pid);
    expect(rssBytes).toBeGreaterThan(2 ** 20);
    expect(cpuMs).toBeGreaterThan(0);
    expect(handles).toBeGreaterThan(2);
  });

  it('that is gone cannot be sampled', () => expect(() => sampleProcess(2 ** 30)).toThrow());
});

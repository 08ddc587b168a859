import { expect, it } from 'vitest';
import { parseCpuSeconds, parseResidentMiB } from './process-figures.ts';

it('adds user and system time, whatever the name of the program holds', () => {
  const stat = '12 (a) S 9 (b)) S 1 12 12 0 -1 4194560 100 0 0 0 250 50 7 8 20 0 11 0 500';
  expect(parseCpuSeconds(stat)).toBe(3);
});

it('reads resident memory, shared pages in full and in part', () => {
  const rollup =
    '55-7f ---p 0 00:00 0 [rollup]\nRss:      81920 kB\nPss:      40960 kB\nPss_Dirty: 1 kB\n';
  expect(parseResidentMiB(rollup)).toEqual({ resident: 80, proportional: 40 });
});

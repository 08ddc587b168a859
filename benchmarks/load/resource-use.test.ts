import { expect, it } from 'vitest';
import { resourceUse, type TimedSample } from './resource-use.ts';

const sample = (overrides: Partial<TimedSample>): TimedSample => ({
  atMs: 0,
  rssBytes: 100,
  cpuMs: 0,
  handles: 10,
  ...overrides,
});

it('memory grows from the first sample to the highest, even if it comes down again', () => {
  const samples = [150, 120, 400, 130].map((rssBytes) => sample({ rssBytes }));
  expect(resourceUse(samples)).toMatchObject({ rssGrowthBytes: 250, rssPeakBytes: 400 });
});

it('cores are CPU time by elapsed time', () => {
  const samples = [sample({ atMs: 5_000, cpuMs: 700 }), sample({ atMs: 15_000, cpuMs: 5_700 })];
  expect(resourceUse(samples).cores).toBe(0.5);
});

it('handles grow if there are more of them in the end, not if they come and go', () => {
  const of = (handles: number[]) => resourceUse(handles.map((count) => sample({ handles: count })));
  expect(of([10, 11, 10, 90, 90, 10, 10, 12, 11, 10])).toMatchObject({
    handlesGrowth: 0,
    handlesPeak: 90,
  });
  expect(of([10, 10, 20, 30, 40, 50, 60, 70, 80, 80]).handlesGrowth).toBe(70);
});

it('one sample says nothing', () => expect(() => resourceUse([sample({})])).toThrow(RangeError));

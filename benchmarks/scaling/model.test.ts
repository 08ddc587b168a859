import { describe, expect, test } from 'vitest';
import { defaultInputs, type Inputs } from './inputs.ts';
import { cpuOf, measuredCpu } from './measured.ts';
import { firstLimit, scale } from './model.ts';
import { costsTable, limitsTable, needsTable } from './tables.ts';

const inputs: Inputs = {
  ...defaultInputs,
  cpuSecondsPer1000: { caller: 0.6, receiver: 0.3 },
  latencySeconds: { caller: 0.01, receiver: 0.01 },
};

describe('instances', () => {
  test('are at least one of each', () => {
    expect(scale(0.1, inputs).instances).toEqual({ caller: 1, receiver: 1 });
  });

  test('follow CPU at the part that Cloud Run aims for', () => {
    // 10,000/s × 0.6 ms = 6 vCPU; at 60 % that is 10 instances.
    expect(scale(10_000, inputs).instances).toEqual({ caller: 10, receiver: 5 });
  });

  test('follow requests at a time where those ask for more', () => {
    // 10,000/s × 0.48 s = 4,800 at a time; 80 × 60 % = 48 for each instance.
    const slow = { ...inputs, latencySeconds: { caller: 0.48, receiver: 0.01 } };
    expect(scale(10_000, slow).instances.caller).toBe(100);
  });
});

describe('traffic', () => {
  test('of tokens grows with instances, not with requests', () => {
    const [one, two] = [scale(10_000, inputs), scale(20_000, inputs)];
    expect(one.traffic.tokenFetchesPerHour).toBeCloseTo(15 * 1.2);
    expect(two.traffic.tokenFetchesPerHour).toBeCloseTo(30 * 1.2);
    expect(scale(1, inputs).traffic.tokenFetchesPerHour).toBe(
      scale(100, inputs).traffic.tokenFetchesPerHour,
    );
  });

  test('to Pub/Sub comes in batches that form while a publish is under way, up to its limit', () => {
    expect(scale(10, inputs).traffic.messagesPerPublish).toBe(1);
    expect(scale(10_000, inputs).traffic.messagesPerPublish).toBeCloseTo(2_000 * 0.015);
    const slow = { ...inputs, publishSeconds: 10 };
    expect(scale(10_000, slow).traffic.messagesPerPublish).toBe(1_000);
  });
});

describe('costs', () => {
  test('of a small rate: what is paid is the time of the requests', () => {
    const { costs } = scale(10, inputs);
    // 10/s × 0.01 s in each of two services for 2,592,000 s.
    expect(costs.cpu).toBeCloseTo(0.2 * 2_592_000 * 0.000_024);
    expect(costs.requests).toBeCloseTo((2 * 25_920_000 * 0.4) / 1e6);
  });

  test('of a message alone in its request: a thousand bytes, published and delivered', () => {
    const bytes = 10 * 2_592_000 * 1_000 * 2;
    expect(scale(10, inputs).costs.pubsub).toBeCloseTo((bytes / 2 ** 40) * 40);
  });

  test('of the log begin after the free amount, and request lines can be left out', () => {
    expect(scale(1, inputs).costs.logs).toBe(0);
    const kept = scale(1_000, inputs).costs.logs;
    const left = scale(1_000, { ...inputs, keptRequestLogs: 0 }).costs.logs;
    expect(kept - left).toBeCloseTo(((1_000 * 2_000 * 2_592_000) / 2 ** 30) * 0.5);
  });
});

test('the first limit is the one most in use; an ordering key is a choice', () => {
  const few = { ...inputs, instance: { ...inputs.instance, maxInstances: 5 } };
  const scaled = scale(10_000, few);
  expect(firstLimit(scaled)).toEqual({ name: "caller's maximum of instances", use: 2 });
  expect(scaled.limits.at(-1)?.use).toBeGreaterThan(2);
  const large = { ...inputs, messageBytes: 100_000 };
  expect(firstLimit(scale(10_000, large)).name).toBe('Pub/Sub publish throughput of the region');
});

test('measured figures are the medians of the rounds', () => {
  const round = (caller: number) => ({ cpu: { caller, receiver: 2 * caller } });
  expect(cpuOf({ throughput: { ours: [round(1), round(9), round(2)] } })).toEqual({
    caller: 2,
    receiver: 4,
  });
  expect(cpuOf({})).toBeUndefined();
  expect(measuredCpu('/nowhere/results.json')).toBeUndefined();
});

test('tables have a column for each rate', () => {
  const scales = [scale(10, inputs), scale(1_000, inputs)];
  for (const table of [needsTable, limitsTable, costsTable]) {
    const rows = table(scales);
    expect(rows[0]).toEqual(['', '10.0 req/s', '1,000 req/s']);
    expect(rows.every((row) => row.length === 3)).toBe(true);
  }
});

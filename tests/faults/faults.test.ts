import { afterAll, beforeAll, expect, it } from 'vitest';
import { postMessage, startTestCloud, type TestCloud } from '../support/cloud.ts';
import { isLong } from './form.ts';
import { frontDoorFaults } from './front-door-faults.ts';
import { identityFaults } from './identity-faults.ts';
import { intact, Ledger, probeId } from './ledger.ts';
import { processFaults } from './process-faults.ts';
import { pubsubFaults } from './pubsub-faults.ts';
import type { Scenario } from './scenario.ts';
import { table } from './table.ts';
import { Traffic } from './traffic.ts';

/** How many while a fault is there, and how many before it and after it. */
const messages = isLong ? { during: 150, after: 250 } : { during: 20, after: 20 };
const kills = isLong ? 50 : 3;
/** A fault that makes every answer take seconds is not there for ever. */
const longestFaultMs = isLong ? 10_000 : 4_500;
const patience = { timeout: 30_000, interval: 20 };

let cloud: TestCloud;
const rows: Record<string, string | number>[] = [];
const earlier = new Set<string>();

beforeAll(async () => {
  cloud = await startTestCloud();
  expect((await postMessage(cloud)).status).toBe(201);
});
afterAll(async () => {
  await cloud.stop();
  const total = rows.reduce((sum, { messages: sent }) => sum + Number(sent), 0);
  // biome-ignore lint/suspicious/noConsole: the figures are for whoever runs the suite
  console.log(`\n${table(rows)}\n\n${total} messages in all\n`);
  if (isLong && rows.length === scenarios.length) expect(total).toBeGreaterThanOrEqual(10_000);
});

const scenarios: Scenario[] = [
  ...pubsubFaults,
  ...identityFaults,
  ...frontDoorFaults,
  ...processFaults(kills),
];

it.each(scenarios)(
  '$name: nothing is lost, and it recovers',
  async (scenario) => {
    const ledger = new Ledger(cloud, earlier);
    const traffic = new Traffic({ cloud, ledger, name: `m${rows.length}` });
    traffic.start();
    await expect.poll(() => ledger.acknowledged(), patience).toBeGreaterThan(messages.after);

    const before = traffic.messages;
    const failures = () => ledger.counts()['5xx'] + ledger.counts().broken;
    const failuresBefore = failures();
    const injectedAt = performance.now();
    await scenario.inject(cloud);
    await expect
      .poll(() => {
        // A caller that still tries again has not failed yet.
        if (scenario.effect === 'fails' && failures() === failuresBefore) return false;
        return (
          traffic.messages >= before + messages.during ||
          performance.now() - injectedAt > longestFaultMs
        );
      }, patience)
      .toBe(true);
    await scenario.recover(cloud);
    const recoveredIn = await timeTo201();
    const acknowledged = ledger.acknowledged();
    await expect
      .poll(() => ledger.acknowledged(), patience)
      .toBeGreaterThan(acknowledged + messages.after);
    await traffic.stop();
    ledger.stop();
    for (const id of ledger.ids) earlier.add(id);

    const { requests, broken, ...answers } = ledger.counts();
    const breaches = ledger.breaches(scenario.repeatedBy);
    rows.push({
      fault: scenario.name,
      messages: traffic.messages,
      requests,
      ...answers,
      broken,
      duplicates: ledger.duplicates(),
      lost: breaches.lost.length,
      'recovery ms': Math.round(recoveredIn),
    });
    expect(breaches).toEqual(intact);
    const failuresByKind = ledger.failures();
    if (scenario.mayBeRefused) {
      const { kind, most } = scenario.mayBeRefused;
      expect(failuresByKind[kind] ?? 0).toBeLessThanOrEqual(most);
      delete failuresByKind[kind];
    }
    if (scenario.effect === 'none') expect(failuresByKind).toEqual({});
    // A service that drops a request under way, or whose process is gone, is an outage: never a refusal.
    expect(Object.keys(failuresByKind).filter((kind) => kind.startsWith('4'))).toEqual([]);
  },
  isLong ? 600_000 : 120_000,
);

/** Milliseconds until somebody new is served. */
async function timeTo201(): Promise<number> {
  const since = performance.now();
  await expect
    .poll(async () => (await postMessage(cloud, { text: probeId })).status, patience)
    .toBe(201);
  return performance.now() - since;
}

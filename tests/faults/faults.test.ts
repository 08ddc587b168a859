import { afterAll, beforeAll, expect, it } from 'vitest';
import { postMessage, startTestCloud, type TestCloud } from '../support/cloud.ts';
import { frontDoorFaults } from './front-door-faults.ts';
import { identityFaults } from './identity-faults.ts';
import { Ledger } from './ledger.ts';
import { processFaults } from './process-faults.ts';
import { pubsubFaults } from './pubsub-faults.ts';
import type { Scenario } from './scenario.ts';
import { table } from './table.ts';
import { Traffic } from './traffic.ts';

/**
 * `npm run test:faults` sends 10,000 messages and more. In `npm test` each fault is there for fewer, and
 * the rest is the same.
 */
const isLong = process.env.FAULTS === 'long';
const messages = isLong ? { during: 150, after: 250 } : { during: 20, after: 20 };
const kills = isLong ? 50 : 3;
/** A fault that makes every answer take seconds is not there for ever. */
const longestFaultMs = isLong ? 10_000 : 4_500;
const patience = { timeout: 30_000, interval: 20 };

let cloud: TestCloud;
const rows: Record<string, string | number>[] = [];

beforeAll(async () => {
  cloud = await startTestCloud();
  expect((await postMessage(cloud)).status).toBe(201);
});
afterAll(async () => {
  await cloud.stop();
  const total = rows.reduce((sum, { messages: sent }) => sum + Number(sent), 0);
  // biome-ignore lint/suspicious/noConsole: the figures are for whoever runs the suite
  console.log(`\n${table(rows)}\n\n${total} messages in all\n`);
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
    const ledger = new Ledger(cloud);
    const traffic = new Traffic({ cloud, ledger, name: `m${rows.length}` });
    traffic.start();
    await expect.poll(() => ledger.acknowledged(), patience).toBeGreaterThan(messages.after);

    const before = traffic.messages;
    const failuresBefore = ledger.counts()['5xx'] + ledger.counts().broken;
    const injectedAt = performance.now();
    await scenario.inject(cloud);
    await expect
      .poll(
        () =>
          traffic.messages >= before + messages.during ||
          performance.now() - injectedAt > longestFaultMs,
        patience,
      )
      .toBe(true);
    await scenario.recover(cloud);
    const recoveredIn = await timeTo201();
    const acknowledged = ledger.acknowledged();
    await expect
      .poll(() => ledger.acknowledged(), patience)
      .toBeGreaterThan(acknowledged + messages.after);
    await traffic.stop();
    ledger.stop();

    const { requests, broken, ...answers } = ledger.counts();
    const breaches = ledger.breaches();
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
    expect(breaches).toEqual({
      lost: [],
      changed: [],
      refusedButThere: [],
      unanswered: [],
      neverSent: [],
      strangers: [],
    });
    if (!scenario.mayDuplicate) expect(ledger.duplicates()).toBe(0);
    const failures = answers['5xx'] + broken - failuresBefore;
    if (scenario.effect === 'fails') expect(failures).toBeGreaterThan(0);
    if (scenario.effect === 'none') expect(failures).toBe(0);
    // A service that drops a request under way, or whose process is gone, is an outage: never a refusal.
    expect(answers['4xx']).toBe(0);
  },
  isLong ? 600_000 : 120_000,
);

/** Milliseconds until somebody new is served. */
async function timeTo201(): Promise<number> {
  const since = performance.now();
  const key = { 'idempotency-key': `probe-${rows.length}` };
  await expect
    .poll(async () => (await postMessage(cloud, { text: 'probe' }, key)).status, patience)
    .toBe(201);
  return performance.now() - since;
}

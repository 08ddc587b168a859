import { expect, it } from 'vitest';
import type { FaultInput } from '../../local-cloud/faults/fault-schemas.ts';
import { postMessage, type TestCloud, useTestCloud } from '../support/cloud.ts';

/** What is promised, in milliseconds, for an instance that has neither token nor certificates. */
const promised = 3_000;
/** After a failure nobody asks again for a second. */
const recovery = { timeout: 10_000, interval: 50 };

async function coldWith(inject: (cloud: TestCloud) => void): Promise<TestCloud> {
  const cloud = await useTestCloud({ startServices: false });
  inject(cloud);
  await cloud.startServices();
  return cloud;
}

/**
 * Straight to the receiver's port, with a token of the caller's: timed without the caller's retries.
 *
 * @param ageSeconds how far the issuer's clock is behind
 */
async function askReceiver(cloud: TestCloud, ageSeconds = 0) {
  const serviceOf = (wanted: string) => {
    const found = cloud.topology.services.find(({ name }) => name === wanted);
    if (!found) throw new Error(`there is no ${wanted}`);
    return found;
  };
  const account = cloud.accounts.current(serviceOf('caller').serviceAccount);
  if (!account) throw new Error('the caller has no account');
  const token = await cloud.idTokens.forServiceAccount(account, {
    audience: serviceOf('receiver').url,
    includeEmail: true,
    ageSeconds,
  });
  const authorization = `Bearer ${token}`;
  const since = performance.now();
  const response = await fetch(`http://127.0.0.1:${cloud.services.portOf('receiver')}/identity`, {
    headers: { authorization },
  });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, code, ms: performance.now() - since };
}

it('fifty requests at once to a cold pair cost one token and one certificate fetch', async () => {
  const cloud = await useTestCloud();
  const answers = await Promise.all(Array.from({ length: 50 }, () => postMessage(cloud)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(cloud.metadataServerOf('caller').counts.idToken).toBe(1);
  expect(cloud.certificates.fetches).toBe(1);
});

it.each<FaultInput<'metadata'>>([
  { kind: 'hang' },
  { kind: 'unavailable', status: 404 },
  { kind: 'unavailable', status: 500 },
  { kind: 'garbage', content: 'html' },
  { kind: 'garbage', content: 'expired-token' },
])('a cold caller without a metadata server (%j): 503 in time, then it recovers', async (fault) => {
  const cloud = await coldWith(({ faults }) => faults.set('metadata', fault));
  const since = performance.now();
  const down = await postMessage(cloud);
  expect([down.status, down.body.code]).toEqual([503, 'id_token_unavailable']);
  expect(Number(down.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(performance.now() - since).toBeLessThan(promised);
  cloud.faults.clear();
  await expect.poll(async () => (await postMessage(cloud)).status, recovery).toBe(201);
});

it.each<FaultInput<'certificates'>>([
  { kind: 'hang' },
  { kind: 'unavailable' },
  { kind: 'reset' },
  { kind: 'garbage', content: 'html' },
  { kind: 'garbage', content: 'empty' },
  { kind: 'garbage', content: 'redirect' },
])('a cold receiver without certificates (%j): 503 in time, then it recovers', async (fault) => {
  const cloud = await coldWith(({ faults }) => faults.set('certificates', fault));
  const down = await askReceiver(cloud);
  expect([down.status, down.code]).toEqual([503, 'certificates_unavailable']);
  expect(down.ms).toBeLessThan(promised);
  cloud.faults.clear();
  await expect.poll(async () => (await askReceiver(cloud)).status, recovery).toBe(200);
});

it('a clock that is 20 s ahead is no fault', async () => {
  const cloud = await coldWith(({ clock }) => clock.advanceBy(20_000));
  expect((await postMessage(cloud)).status).toBe(201);
});

it.each([20, 600])('an issuer whose clock is %i s behind is no fault', async (seconds) => {
  const cloud = await useTestCloud();
  expect((await askReceiver(cloud, seconds)).status).toBe(200);
});

it('tokens from ten minutes ahead are refused, and taken again when the clock is right', async () => {
  const cloud = await coldWith(({ clock }) => clock.advanceBy(600_000));
  const refused = await postMessage(cloud);
  expect([refused.status, refused.body.upstream.code]).toEqual([502, 'token_not_yet_valid']);
  cloud.clock.turnBackBy(600_000);
  await expect.poll(async () => (await postMessage(cloud)).status, recovery).toBe(201);
});

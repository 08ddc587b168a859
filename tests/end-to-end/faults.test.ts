import { expect, it } from 'vitest';
import { postMessage, type TestCloud, useTestCloud } from '../support/cloud.ts';

/** As a person does it, with curl. */
async function control(cloud: TestCloud, method: string, path: string, body?: object) {
  const response = await fetch(`${cloud.controlUrl}${path}`, {
    method,
    ...(body && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  expect(response.ok).toBe(true);
}

/** After a failure nobody asks again for a second. */
const recovery = { timeout: 10_000, interval: 100 };

it.each([
  ['front-door', { kind: 'unavailable', status: 503 }, 'receiver_unavailable'],
  ['metadata', { kind: 'hang' }, 'id_token_unavailable'],
])('a fault of %s (%j) is an outage that passes with it', async (name, fault, code) => {
  const cloud = await useTestCloud({ startServices: false });
  await control(cloud, 'PUT', `/api/faults/${name}`, fault);
  await cloud.startServices();
  const down = await postMessage(cloud);
  expect([down.status, down.body.code]).toEqual([503, code]);
  await control(cloud, 'DELETE', `/api/faults/${name}`);
  await expect.poll(async () => (await postMessage(cloud)).status, recovery).toBe(201);
});

it('a lost answer of Pub/Sub costs a second copy, and no message', async () => {
  const cloud = await useTestCloud();
  await control(cloud, 'PUT', '/api/faults/pubsub', { kind: 'lost-answer', times: 1 });
  expect((await postMessage(cloud)).status).toBe(201);
  expect(cloud.pubsub.messagesOf('projects/demo-project/topics/events')).toHaveLength(2);
});

it('connections of Pub/Sub that are cut lose nothing', async () => {
  const cloud = await useTestCloud();
  await control(cloud, 'PUT', '/api/faults/pubsub', { kind: 'reset', times: 1 });
  expect((await postMessage(cloud)).status).toBe(201);
});

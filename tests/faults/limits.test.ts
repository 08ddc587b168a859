import { afterAll, beforeAll, expect, it } from 'vitest';
import { postMessage, startTestCloud, type TestCloud } from '../support/cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.stop());

const attributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, 'x']));

/** The largest that is taken, and one more: Pub/Sub's own limits are kept before it is asked. */
it.each<[string, number, object]>([
  ['10,000 characters', 201, { text: '€'.repeat(10_000) }],
  ['10,001 characters', 422, { text: 'x'.repeat(10_001) }],
  ['97 attributes', 201, { text: 'x', attributes: attributes(97) }],
  ['98 attributes', 422, { text: 'x', attributes: attributes(98) }],
  ['101 attributes', 422, { text: 'x', attributes: attributes(101) }],
  ['a value of 1,024 bytes', 201, { text: 'x', attributes: { a: 'é'.repeat(512) } }],
  ['a value of 1,025 bytes', 422, { text: 'x', attributes: { a: `${'é'.repeat(512)}x` } }],
  ['a name of 256 bytes', 201, { text: 'x', attributes: { ['n'.repeat(256)]: 'x' } }],
  ['a name of 257 bytes', 422, { text: 'x', attributes: { ['n'.repeat(257)]: 'x' } }],
  ['a body of 64 KiB and more', 413, { text: 'x', attributes: { a: 'x'.repeat(65_536) } }],
])('%s: %i', async (_name, status, body) => {
  const before = published();
  expect((await postMessage(cloud, body)).status).toBe(status);
  expect(published() - before).toBe(status === 201 ? 1 : 0);
});

function published(): number {
  return cloud.pubsub.messagesOf('projects/demo-project/topics/events').length;
}

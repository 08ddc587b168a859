import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { SigningKeys } from './signing-keys.ts';

const kids = async (keys: SigningKeys) => (await keys.published()).map(({ kid }) => kid);

test('the next key is published before it signs, the old one stays for a day', async () => {
  const clock = standingClock();
  const keys = await SigningKeys.create(clock);
  const [first, second] = await kids(keys);
  expect(keys.current.kid).toBe(first);
  await keys.rotate();
  expect(keys.current.kid).toBe(second);
  expect(await kids(keys)).toEqual([second, first, expect.any(String)]);
  expect(keys.find(first ?? '')).toBeDefined();
  clock.advanceBy(24 * 3_600_000);
  expect(keys.find(first ?? '')).toBeUndefined();
  expect(await kids(keys)).toHaveLength(2);
});

test('an abrupt rotation leaves nothing that was published before', async () => {
  const keys = await SigningKeys.create(standingClock());
  await keys.rotate();
  const before = await kids(keys);
  await keys.rotate({ abrupt: true });
  expect(before).not.toContain(keys.current.kid);
  expect((await kids(keys)).filter((kid) => before.includes(kid))).toEqual([]);
  expect(before.map((kid) => keys.find(kid))).toEqual([undefined, undefined, undefined]);
});

test('rotations at the same time follow each other', async () => {
  const keys = await SigningKeys.create(standingClock());
  const first = keys.current.kid;
  await Promise.all([keys.rotate(), keys.rotate()]);
  const published = await kids(keys);
  expect(published).toHaveLength(4);
  expect(new Set(published).size).toBe(4);
  expect(published[2]).toBe(first);
});

test('each key has an id of 40 hexadecimal digits and a certificate like those of Google', async () => {
  const { current } = await SigningKeys.create(standingClock());
  expect(current.kid).toMatch(/^[0-9a-f]{40}$/);
  const certificate = new X509Certificate(current.certificatePem);
  expect(certificate.subject).toBe('CN=federated-signon.system.gserviceaccount.com');
  expect(certificate.verify(current.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(current.privateKey)).toBe(true);
  expect(current.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
});

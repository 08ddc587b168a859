import { createPublicKey, type JsonWebKey, X509Certificate } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { serve } from '../../tests/support/network.ts';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { createCertificatesEndpoint } from './certificates-endpoint.ts';
import { SigningKeys } from './signing-keys.ts';

const clock = standingClock();
let keys: SigningKeys;

beforeAll(async () => {
  keys = await SigningKeys.create(clock);
});

test('v1 is a map of certificates, v3 a key set, of the same keys', async () => {
  const endpoint = createCertificatesEndpoint({ keys, clock, maxAgeSeconds: 100 });
  const url = await serve(endpoint.handle);
  const v1 = (await (await fetch(`${url}/oauth2/v1/certs`)).json()) as Record<string, string>;
  const v3 = (await (await fetch(`${url}/oauth2/v3/certs?alt=json`)).json()) as {
    keys: (JsonWebKey & { kid: string })[];
  };
  expect(v3.keys.map(({ kid }) => kid)).toEqual(Object.keys(v1));
  expect(v3.keys).toHaveLength(2);
  for (const { kid, ...jwk } of v3.keys) {
    expect(jwk).toMatchObject({ alg: 'RS256', use: 'sig', kty: 'RSA', e: 'AQAB' });
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    expect(new X509Certificate(v1[kid] ?? '').publicKey.equals(publicKey)).toBe(true);
  }
  expect(endpoint.fetches).toBe(2);
});

test('says how long it may be cached', async () => {
  const url = await serve(createCertificatesEndpoint({ keys, clock, maxAgeSeconds: 100 }).handle);
  const { headers } = await fetch(`${url}/oauth2/v1/certs`, { method: 'HEAD' });
  expect(headers.get('cache-control')).toBe('public, max-age=100, must-revalidate, no-transform');
  expect(headers.get('content-type')).toBe('application/json; charset=UTF-8');
  const date = Date.parse(headers.get('date') ?? '');
  expect(Date.parse(headers.get('expires') ?? '') - date).toBe(100_000);
});

test.each([
  ['POST', '/oauth2/v1/certs', 405],
  ['GET', '/oauth2/v2/certs', 501],
  ['GET', '/', 501],
])('%s %s: %i in the envelope, and no fetch', async (method, path, status) => {
  const endpoint = createCertificatesEndpoint({ keys, clock });
  const response = await fetch((await serve(endpoint.handle)) + path, { method });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code: status } });
  expect(endpoint.fetches).toBe(0);
});

test('a fault takes the place of the answer and counts as a fetch', async () => {
  const endpoint = createCertificatesEndpoint({
    keys,
    clock,
    before: (_, response) => {
      response.writeHead(503).end('<html>');
      return true;
    },
  });
  const response = await fetch(`${await serve(endpoint.handle)}/oauth2/v1/certs`);
  expect([response.status, await response.text()]).toEqual([503, '<html>']);
  expect(endpoint.fetches).toBe(1);
});

import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSigningAuthority } from '../../tests/support/signing-authority.ts';
import { GoogleCertificates } from './google-certificates.ts';

type Answer = () => Response | Promise<Response>;

let first: Record<string, string>;
let second: Record<string, string>;
let ellipticCurve: string;
let short: string;
let answer: Answer;
let fetches: number;
let nowMs: number;
let certificates: GoogleCertificates;

const document = (body: unknown, cacheControl = 'public, max-age=3600'): Answer => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return () => new Response(text, { headers: { 'cache-control': cacheControl } });
};
const down: Answer = () => Promise.reject(new TypeError('fetch failed'));
const unavailable = { code: 'certificates_unavailable', status: 503 };
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeAll(async () => {
  first = (await createSigningAuthority('one')).certificates;
  second = (await createSigningAuthority('two')).certificates;
  ellipticCurve = await certificateOf({ name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' });
  short = await certificateOf({
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 1024,
  });
});

beforeEach(() => {
  fetches = 0;
  nowMs = Date.UTC(2026, 0, 1);
  answer = document(first);
  certificates = new GoogleCertificates({
    now: () => nowMs,
    fetch: async () => {
      fetches++;
      return answer();
    },
  });
});

it('asks Google once, over https, without following redirects', async () => {
  const requests: Parameters<typeof fetch>[] = [];
  const recording = new GoogleCertificates({
    fetch: async (...request) => {
      requests.push(request);
      return answer();
    },
  });
  await recording.forKey('one');
  expect(requests[0]?.[0]).toBe('https://www.googleapis.com/oauth2/v1/certs');
  expect(requests[0]?.[1]).toMatchObject({ redirect: 'error' });
});

it('gives up a fetch that hangs, within the three seconds that are promised', async () => {
  const deadline = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal);
  const hanging = new GoogleCertificates({
    fetch: (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        setImmediate(() => (init?.signal ? deadline.abort() : reject(new Error('no signal'))));
      }),
  });
  try {
    await expect(hanging.forKey('one')).rejects.toMatchObject({ cause: new Error('aborted') });
    expect(timeout.mock.calls[0]?.[0]).toBeLessThan(3_000);
  } finally {
    timeout.mockRestore();
  }
});

it('counts the time that an answer has spent in caches', async () => {
  answer = () =>
    new Response(JSON.stringify(first), {
      headers: { 'cache-control': 'max-age=3600', age: '3000' },
    });
  await certificates.forKey('one');
  nowMs += 590_000;
  await certificates.forKey('one');
  await settled();
  expect(fetches).toBe(2);
});

it('fetches once for a hundred requests at once', async () => {
  await Promise.all(Array.from({ length: 100 }, () => certificates.forKey('one')));
  expect(fetches).toBe(1);
});

it('refreshes in the background before the certificates expire, while they serve', async () => {
  await certificates.forKey('one');
  nowMs += 0.8 * 3_600_000;
  answer = document({ ...first, ...second });
  expect(Object.keys(await certificates.forKey('one'))).toEqual(Object.keys(first));
  await settled();
  expect(fetches).toBe(2);
  expect(Object.keys(await certificates.forKey('two'))).toEqual(
    Object.keys({ ...first, ...second }),
  );
  expect(fetches).toBe(2);
});

it.each([
  ['no max-age', 'public', 3_600],
  ['max-age=0', 'max-age=0', 60],
  ['a year', 'max-age=31536000', 86_400],
])('with %s does not fetch on every call, nor never again', async (_name, header, seconds) => {
  answer = document(first, header);
  await certificates.forKey('one');
  nowMs += seconds * 0.7 * 1_000;
  await certificates.forKey('one');
  expect(fetches).toBe(1);
  nowMs += seconds * 0.4 * 1_000;
  await certificates.forKey('one');
  expect(fetches).toBe(2);
});

describe('an unknown key', () => {
  it('is looked for once, and found after a rotation', async () => {
    await certificates.forKey('one');
    nowMs += 1;
    answer = document(second);
    expect(Object.keys(await certificates.forKey('two'))).toEqual(Object.keys(second));
    expect(fetches).toBe(2);
  });

  it('in a burst of 200 costs one more fetch', async () => {
    await certificates.forKey('one');
    nowMs += 1;
    for (let i = 0; i < 200; i++) {
      await certificates.forKey(`made-up-${i}`);
      nowMs += 20;
    }
    expect(fetches).toBe(2);
    nowMs += 1_000;
    await certificates.forKey('made-up');
    expect(fetches).toBe(3);
  });

  it('on a cold instance is not looked for twice', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, i) => certificates.forKey(`made-up-${i}`)));
    expect(fetches).toBe(1);
  });

  it('is an outage while Google cannot be asked, and found when it can again', async () => {
    await certificates.forKey('one');
    nowMs += 1;
    answer = down;
    await expect(certificates.forKey('two')).rejects.toMatchObject(unavailable);
    expect(Object.keys(await certificates.forKey('one'))).toEqual(Object.keys(first));
    answer = document(second);
    nowMs += 1_000;
    expect(Object.keys(await certificates.forKey('two'))).toEqual(Object.keys(second));
  });
});

describe('while Google is unreachable', () => {
  it('a cold instance says so, asks at most once a second, and recovers', async () => {
    answer = down;
    await expect(certificates.forKey('one')).rejects.toMatchObject(unavailable);
    await expect(certificates.forKey('one')).rejects.toMatchObject(unavailable);
    expect(fetches).toBe(1);
    answer = document(first);
    nowMs += 1_000;
    expect(Object.keys(await certificates.forKey('one'))).toEqual(Object.keys(first));
  });

  it('a warm instance goes on beyond the expiry, but not for ever', async () => {
    await certificates.forKey('one');
    answer = down;
    nowMs += 2 * 3_600_000;
    expect(Object.keys(await certificates.forKey('one'))).toEqual(Object.keys(first));
    nowMs += 24 * 3_600_000;
    await expect(certificates.forKey('one')).rejects.toMatchObject(unavailable);
  });
});

describe('nonsense never replaces good certificates', () => {
  it.each<[string, () => Answer]>([
    ['HTML', () => document('<html>')],
    ['an empty set', () => document({})],
    ['an array', () => document([])],
    ['a list of certificates', () => document(Object.values(first))],
    ['null', () => document('null')],
    ['a name that is not UTF-8', () => notUtf8],
    ['an EC key', () => document({ one: ellipticCurve })],
    ['an RSA key of 1024 bits', () => document({ one: short })],
    ['good ones with another status', () => () => Response.json(first, { status: 203 })],
    ['a key that is no certificate', () => document({ ...first, bad: 'x' })],
    ['a number for a certificate', () => document({ bad: 5 })],
    ['too much', () => document(`${JSON.stringify(first)}${' '.repeat(70_000)}`)],
    ['404', () => () => new Response('{}', { status: 404 })],
    ['a redirect', () => () => new Response(null, { status: 302, headers: { location: '/x' } })],
    ['503', () => () => new Response('down', { status: 503 })],
    ['an answer that breaks off', () => brokenOff],
  ])('%s', async (_name, make) => {
    await certificates.forKey('one');
    nowMs += 2 * 3_600_000;
    answer = make();
    expect(Object.keys(await certificates.forKey('one'))).toEqual(Object.keys(first));

    const cold = new GoogleCertificates({ fetch: async () => make()() });
    await expect(cold.forKey('one')).rejects.toMatchObject(unavailable);
  });
});

const brokenOff: Answer = () =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"one":'));
        controller.error(new Error('connection reset'));
      },
    }),
  );

/** A name of one byte that UTF-8 does not have, in front of a certificate that is good. */
const notUtf8: Answer = () => {
  const [pem] = Object.values(first);
  return new Response(
    Buffer.concat([Buffer.from('{"'), Buffer.of(0xff), Buffer.from(`":${JSON.stringify(pem)}}`)]),
  );
};

async function certificateOf(
  algorithm: (webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams) & { hash: string },
): Promise<string> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    keys,
    signingAlgorithm: algorithm,
  });
  return certificate.toString('pem');
}

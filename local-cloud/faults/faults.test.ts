import { request } from 'node:http';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestCloud, type TestCloud } from '../../tests/support/cloud.ts';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { verifyIdToken } from '../tokens/verify-id-token.ts';
import { Faults } from './faults.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ startServices: false });
});
afterAll(() => cloud.stop());
afterEach(() => cloud.faults.clear());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** A request that rejects when the connection is cut before the answer. */
function get(url: string, options: { proxied?: boolean; method?: string } = {}): Promise<Answer> {
  const { proxied = false, method = 'GET' } = options;
  const target = new URL(proxied ? cloud.proxyUrl : url);
  return new Promise((resolve, reject) => {
    request(
      {
        host: target.hostname,
        port: target.port,
        path: proxied ? url : target.pathname + target.search,
        method,
        headers: { host: new URL(url).host, 'metadata-flavor': 'Google' },
      },
      async (response) => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      },
    )
      .on('error', reject)
      .end();
  });
}

const path = '/computeMetadata/v1/instance/service-accounts/default/email';
/** What a client of each part asks for; the status is that of no fault. */
const parts = {
  metadata: {
    ask: () => get(`http://${cloud.metadataServerOf('caller').host}${path}`),
    status: 200,
  },
  certificates: {
    ask: () => get('http://www.googleapis.com/oauth2/v1/certs', { proxied: true }),
    status: 200,
  },
  oauth2: {
    ask: () => get('http://oauth2.googleapis.com/token', { proxied: true, method: 'POST' }),
    status: 400,
  },
  'front-door': {
    ask: () => get('http://receiver-123456789012.europe-west1.run.app/', { proxied: true }),
    status: 403,
  },
} as const;

/** Resolves when a fault has hit so many requests. */
const hasHit = (name: 'pubsub' | keyof typeof parts, times: number) =>
  vi.waitFor(() => expect(cloud.faults.active()[name]?.affected).toBe(times));

describe.each(Object.keys(parts) as (keyof typeof parts)[])('%s', (name) => {
  const { ask, status } = parts[name];

  it('answers 503 or another status, then works again', async () => {
    cloud.faults.set(name, { kind: 'unavailable' });
    expect((await ask()).status).toBe(503);
    cloud.faults.set(name, { kind: 'unavailable', status: 429 });
    expect((await ask()).status).toBe(429);
    cloud.faults.remove(name);
    expect((await ask()).status).toBe(status);
  });

  it('hangs until the fault goes, then answers again', async () => {
    cloud.faults.set(name, { kind: 'hang' });
    const hanging = expect(ask()).rejects.toThrow(/socket hang up|ECONNRESET/);
    await hasHit(name, 1);
    cloud.faults.remove(name);
    await hanging;
    expect((await ask()).status).toBe(status);
  });

  it('is slow by the clock', async () => {
    cloud.faults.set(name, { kind: 'slow', delayMs: 600_000 });
    const asked = ask();
    await hasHit(name, 1);
    cloud.clock.advanceBy(600_000);
    expect((await asked).status).toBe(status);
  });

  it('cuts the connection', async () => {
    cloud.faults.set(name, { kind: 'reset', times: 1 });
    await expect(ask()).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await ask()).status).toBe(status);
  });

  it('answers a page where there should be none', async () => {
    cloud.faults.set(name, { kind: 'garbage' });
    const page = await ask();
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=UTF-8']);
    cloud.faults.set(name, { kind: 'garbage', content: 'empty' });
    expect((await ask()).text).toBe('{}');
  });
});

it('certificates come with a redirect, or without a time to keep them', async () => {
  cloud.faults.set('certificates', { kind: 'garbage', content: 'redirect' });
  expect((await parts.certificates.ask()).status).toBe(302);
  cloud.faults.set('certificates', { kind: 'garbage', content: 'no-max-age' });
  const { text, headers } = await parts.certificates.ask();
  expect(Object.keys(JSON.parse(text))).toContain(cloud.keys.current.kid);
  expect(headers['cache-control']).toBe('public');
  cloud.faults.clear();
  expect((await parts.certificates.ask()).headers['cache-control']).toContain('max-age=');
});

it('the metadata server gives tokens that have expired, then good ones again', async () => {
  const { host } = cloud.metadataServerOf('caller');
  const account = `http://${host}/computeMetadata/v1/instance/service-accounts/default`;
  const idToken = async () => (await get(`${account}/identity?audience=x`)).text;
  const accessToken = async () => JSON.parse((await get(`${account}/token`)).text);
  const isGood = async (token: string) =>
    (await verifyIdToken(token, { keys: cloud.keys, clock: cloud.clock })).ok;

  cloud.faults.set('metadata', { kind: 'garbage', content: 'expired-token' });
  expect(decodeJwt(await idToken()).exp).toBeLessThan(cloud.clock.now() / 1000 - 3_000);
  expect(await isGood(await idToken())).toBe(false);
  const { access_token: expired, expires_in: claimed } = await accessToken();
  expect([cloud.accessTokens.details(expired), claimed]).toEqual([undefined, 3_599]);

  cloud.faults.remove('metadata');
  expect(await isGood(await idToken())).toBe(true);
  expect(cloud.accessTokens.details((await accessToken()).access_token)).toBeDefined();
});

it('a delay varies around its middle, and never below nothing', async () => {
  const clock = standingClock();
  const draws = [0, 0.5, 0.999];
  const delays: number[] = [];
  const faults = new Faults({
    clock: {
      now: () => clock.now(),
      after: (delayMs, callback) => {
        delays.push(Math.round(delayMs));
        queueMicrotask(callback);
        return { cancel: () => undefined };
      },
    },
    random: () => draws[delays.length] ?? 0,
  });
  faults.set('pubsub', { kind: 'slow', delayMs: 2000, jitterMs: 1000 });
  for (const _ of draws) await faults.pubsub('Publish', async () => undefined);
  expect(delays).toEqual([1000, 2000, 2998]);
  faults.set('pubsub', { kind: 'slow', delayMs: 0, jitterMs: 1000 });
  delays.length = 0;
  await faults.pubsub('Publish', async () => undefined);
  expect(delays).toEqual([0]);
});

it('a share of the requests is hit, and no more than so many', async () => {
  let draw = -0.1;
  const random = () => {
    draw = (draw + 0.1) % 1;
    return draw;
  };
  const faults = new Faults({ clock: standingClock(), random });
  const outcomes = async () => {
    draw = -0.1;
    const calls = Array.from({ length: 10 }, () =>
      faults.pubsub('Publish', async () => 'done').catch(() => 'failed'),
    );
    return (await Promise.all(calls)).filter((outcome) => outcome === 'failed').length;
  };
  faults.set('pubsub', { kind: 'unavailable', share: 0.3 });
  expect(await outcomes()).toBe(3);
  faults.set('pubsub', { kind: 'unavailable', share: 0.3, times: 2 });
  expect(await outcomes()).toBe(2);
  faults.set('pubsub', { kind: 'unavailable', share: 0 });
  expect(await outcomes()).toBe(0);
  faults.set('pubsub', { kind: 'unavailable' });
  expect(await outcomes()).toBe(10);
});

it('a hook that a test has put there itself stays until it is taken away', async () => {
  const faults = new Faults({ clock: standingClock() });
  const mine = async () => 'mine';
  faults.pubsub = mine;
  faults.clear();
  expect(faults.pubsub).toBe(mine);
});

it('stopping waits for nothing that hangs', async () => {
  const other = await startTestCloud({ startServices: false });
  other.faults.set('metadata', { kind: 'hang' });
  const hanging = fetch(`http://${other.metadataServerOf('caller').host}${path}`);
  const cut = expect(hanging).rejects.toThrow();
  await vi.waitFor(() => expect(other.faults.active().metadata?.affected).toBe(1));
  await other.stop();
  await cut;
});

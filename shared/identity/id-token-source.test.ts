import { beforeEach, describe, expect, it } from 'vitest';
import { audience, encode, genuineClaims } from '../../tests/support/signing-authority.ts';
import { IdTokenSource } from './id-token-source.ts';

let nowMs: number;
let fetches: number;
let answer: () => unknown;
let tokens: IdTokenSource;

/** The source only reads the token, so this signature is none. */
const token = (claims: object = {}) =>
  `${encode({ alg: 'RS256' })}.${encode({ ...genuineClaims(nowMs), jti: fetches, ...claims })}.c2ln`;
const unavailable = { code: 'id_token_unavailable', status: 503 };
const settled = () => new Promise((resolve) => setImmediate(resolve));
const down = () => Promise.reject(new Error('ECONNREFUSED'));

beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 1);
  fetches = 0;
  answer = () => token();
  tokens = new IdTokenSource({
    audience,
    now: () => nowMs,
    fetchIdToken: async () => {
      fetches++;
      return (await answer()) as string;
    },
  });
});

it('fetches once for a hundred requests at once, and keeps the token', async () => {
  const all = await Promise.all(Array.from({ length: 100 }, () => tokens.token()));
  expect(new Set(all).size).toBe(1);
  nowMs += 40 * 60_000;
  expect(await tokens.token()).toBe(all[0]);
  expect(fetches).toBe(1);
});

it('refreshes in the background while the current token serves', async () => {
  const first = await tokens.token();
  nowMs += 46 * 60_000;
  expect(await tokens.token()).toBe(first);
  await settled();
  expect(await tokens.token()).not.toBe(first);
  expect(fetches).toBe(2);
});

it('does not press the metadata server while that still gives the old token', async () => {
  const first = await tokens.token();
  answer = () => first;
  nowMs += 46 * 60_000;
  for (let i = 0; i < 50; i++) await tokens.token();
  await settled();
  for (let i = 0; i < 50; i++) await tokens.token();
  expect(fetches).toBeLessThanOrEqual(3);
});

it('goes on with a valid token while the metadata server is down, and recovers', async () => {
  const first = await tokens.token();
  answer = down;
  nowMs += 59 * 60_000;
  expect(await tokens.token()).toBe(first);
  nowMs += 31_000;
  await expect(tokens.token()).rejects.toMatchObject(unavailable);
  answer = () => token();
  nowMs += 1_000;
  expect(await tokens.token()).not.toBe(first);
});

it('uses tokens that live for seconds only, for most of their life', async () => {
  answer = () => token({ exp: nowMs / 1_000 + 10 });
  const first = await tokens.token();
  nowMs += 7_000;
  expect(await tokens.token()).toBe(first);
  nowMs += 1_000;
  expect(await tokens.token()).not.toBe(first);
});

it('asks again only a second after a failure', async () => {
  answer = down;
  await expect(tokens.token()).rejects.toMatchObject(unavailable);
  await expect(tokens.token()).rejects.toMatchObject(unavailable);
  expect(fetches).toBe(1);
});

describe('discard', () => {
  it('makes the next call fetch, once for many refusals', async () => {
    const refused = await tokens.token();
    for (let i = 0; i < 10; i++) tokens.discard(refused);
    const next = await tokens.token();
    expect(next).not.toBe(refused);
    tokens.discard(refused);
    expect(await tokens.token()).toBe(next);
    expect(fetches).toBe(2);
  });
});

it.each<[string, () => unknown]>([
  ['an HTML page', () => '<html>'],
  ['an object', () => ({})],
  ['nothing', () => undefined],
  ['a token for another audience', () => token({ aud: 'https://other' })],
  ['an expired token', () => token({ exp: nowMs / 1_000 - 1 })],
  ['a token without an end', () => token({ exp: undefined })],
])('refuses %s', async (_name, make) => {
  answer = make;
  await expect(tokens.token()).rejects.toMatchObject(unavailable);
});

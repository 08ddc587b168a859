import { expect, test } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { AccessTokens } from './access-tokens.ts';

const caller = 'serviceAccount:caller@demo-project.iam.gserviceaccount.com';

test('a token stands for its principal until it expires', () => {
  const clock = standingClock();
  const tokens = new AccessTokens(clock);
  const { token, expiresAtMs } = tokens.issue(caller, { scopes: ['a'], lifetimeSeconds: 60 });
  expect(token).toMatch(/^ya29\.[\w-]{128}$/);
  expect(tokens.principalOf(token)).toBe(caller);
  expect(tokens.details(token)).toEqual({ principal: caller, scopes: ['a'], expiresAtMs });
  clock.advanceBy(60_000);
  expect(tokens.principalOf(token)).toBeUndefined();
});

test('unknown tokens stand for nobody', () => {
  const tokens = new AccessTokens(standingClock());
  tokens.issue(caller);
  expect(tokens.principalOf('')).toBeUndefined();
  expect(tokens.principalOf('ya29.guess')).toBeUndefined();
});

test('all tokens of one principal can be revoked, those of others stay', () => {
  const tokens = new AccessTokens(standingClock());
  const first = tokens.issue(caller).token;
  const second = tokens.issue(caller).token;
  const other = tokens.issue('user:developer@example.com').token;
  tokens.revokeAllOf(caller);
  expect([first, second].map((token) => tokens.principalOf(token))).toEqual([undefined, undefined]);
  expect(tokens.principalOf(other)).toBe('user:developer@example.com');
});

test('expired tokens do not pile up, valid ones are kept', () => {
  const clock = standingClock();
  const tokens = new AccessTokens(clock);
  for (let i = 0; i < 1_500; i += 1) tokens.issue(caller, { lifetimeSeconds: 1 });
  const kept = tokens.issue(caller).token;
  clock.advanceBy(1_000);
  for (let i = 0; i < 2_000; i += 1) tokens.issue(caller);
  expect(tokens.principalOf(kept)).toBe(caller);
});

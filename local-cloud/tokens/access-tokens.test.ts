import { expect, test } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { AccessTokens } from './access-tokens.ts';

const caller = 'serviceAccount:caller@demo-project.iam.gserviceaccount.com';

test('a token stands for its principal until it expires', () => {
  const clock = standingClock();
  const tokens = new AccessTokens(clock);
  const { token, expiresAtMs } = tokens.issue(caller, {
    scopes: ['a'],
    lifetimeSeconds: 60,
    uniqueId: '1',
  });
  expect(token).toMatch(/^ya29\.[\w-]{128}$/);
  expect(tokens.details(token)?.principal).toBe(caller);
  expect(tokens.details(token)).toEqual({
    principal: caller,
    uniqueId: '1',
    scopes: ['a'],
    expiresAtMs,
  });
  clock.advanceBy(60_000);
  expect(tokens.details(token)?.principal).toBeUndefined();
});

test('the lifetime can be changed for all that are issued from then on', () => {
  const clock = standingClock();
  const tokens = new AccessTokens(clock);
  const before = tokens.issue(caller);
  tokens.lifetimeSeconds = 60;
  expect(tokens.issue(caller).expiresAtMs).toBe(clock.now() + 60_000);
  expect(before.expiresAtMs).toBe(clock.now() + 3_600_000);
});

test('unknown tokens stand for nobody', () => {
  const tokens = new AccessTokens(standingClock());
  tokens.issue(caller);
  expect(tokens.details('')?.principal).toBeUndefined();
  expect(tokens.details('ya29.guess')?.principal).toBeUndefined();
});

test('expired tokens do not pile up, valid ones are kept', () => {
  const clock = standingClock();
  const tokens = new AccessTokens(clock);
  for (let i = 0; i < 1_500; i += 1) tokens.issue(caller, { lifetimeSeconds: 1 });
  const kept = tokens.issue(caller).token;
  clock.advanceBy(1_000);
  for (let i = 0; i < 2_000; i += 1) tokens.issue(caller);
  expect(tokens.details(kept)?.principal).toBe(caller);
});

import { expect, test } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { PolicyStore } from './policy-store.ts';
import { ServiceAccountKeys } from './service-account-keys.ts';
import { ServiceAccounts } from './service-accounts.ts';

const dayMs = 24 * 3_600_000;

function start() {
  const clock = standingClock();
  const accounts = new ServiceAccounts({ clock, policies: new PolicyStore({ clock }) });
  const account = accounts.seed('demo-project', 'caller@demo-project.iam.gserviceaccount.com');
  return { clock, account, keys: new ServiceAccountKeys(clock) };
}

test('however many need it at once, Google’s key is made once', async () => {
  const { account, keys } = start();
  const kids = await Promise.all([1, 2, 3].map(async () => (await keys.signingKey(account)).kid));
  expect(new Set(kids).size).toBe(1);
  expect(keys.list(account)).toHaveLength(1);
});

test('Google’s key signs for two weeks and is published two days longer; a user’s key stays', async () => {
  const { account, keys, clock } = start();
  const { key } = await keys.create(account);
  const first = await keys.signingKey(account);
  clock.advanceBy(14 * dayMs);
  const second = await keys.signingKey(account);
  const kids = () => keys.list(account).map(({ kid }) => kid);
  expect(kids()).toEqual([key.kid, first.kid, second.kid]);
  clock.advanceBy(2 * dayMs);
  expect(kids()).toEqual([key.kid, second.kid]);
});

test('an account has ten keys of users at most, also when they are made at once', async () => {
  const { account, keys } = start();
  await keys.signingKey(account);
  const made = await Promise.allSettled(Array.from({ length: 11 }, () => keys.create(account)));
  const isOfUser = ({ managedBy }: { managedBy: string }) => managedBy === 'USER';
  expect(keys.list(account).filter(isOfUser)).toHaveLength(10);
  expect(made.filter(({ status }) => status === 'rejected')).toEqual([
    { status: 'rejected', reason: expect.objectContaining({ code: 'FAILED_PRECONDITION' }) },
  ]);
});

import { describe, expect, it } from 'vitest';
import { callerEmail, Fixture, resource, token } from '../../tests/support/front-door-fixture.ts';
import { AdjustableClock } from '../clock.ts';
import { PolicyStore } from '../iam/policy-store.ts';
import { ServiceAccounts } from '../iam/service-accounts.ts';

const email = 'watcher@demo-project.iam.gserviceaccount.com';
const texts = { displayName: '', description: '' };

/** A front door that knows of `watcher`, which may invoke. */
async function start() {
  const clock = new AdjustableClock();
  const accounts = new ServiceAccounts({ clock, policies: new PolicyStore({ clock }) });
  accounts.seed('demo-project', callerEmail);
  const account = accounts.create('demo-project', 'watcher', texts);
  const fixture = await Fixture.start({ accounts });
  fixture.iam.useAccounts(accounts);
  fixture.iam.policies.addBinding(resource, 'roles/run.invoker', `serviceAccount:${email}`);
  const call = (claims: object) => fixture.get([`Authorization: Bearer ${token(claims)}`]);
  return { fixture, accounts, account, call };
}

describe('an account that was created later', () => {
  it.each([
    ['with', email],
    ['without', undefined],
  ])('gets in %s its e-mail address in the token', async (_with, claimed) => {
    const { fixture, account, call } = await start();
    await using _ = fixture;
    expect((await call({ email: claimed, sub: account.uniqueId })).status).toBe(200);
  });
});

it('a disabled account is refused by IAM, and let in when it is enabled again', async () => {
  const { fixture, accounts, account, call } = await start();
  await using _ = fixture;
  accounts.update(account, { disabled: true });
  expect((await call({ email, sub: account.uniqueId })).status).toBe(403);
  const [refused] = fixture.iam.decisions.since(0);
  expect(refused?.decision).toMatchObject({ closest: { kind: 'account', state: 'disabled' } });
  accounts.update(account, { disabled: false });
  expect((await call({ email, sub: account.uniqueId })).status).toBe(200);
});

it('a deleted account is refused by IAM, whatever account has its name now', async () => {
  const { fixture, accounts, account, call } = await start();
  await using _ = fixture;
  const old = { email, sub: account.uniqueId };
  accounts.delete(account);
  expect((await call(old)).status).toBe(403);
  const second = accounts.create('demo-project', 'watcher', texts);
  expect((await call(old)).status).toBe(403);
  for (const { decision } of fixture.iam.decisions.since(0)) {
    expect(decision).toMatchObject({ closest: { kind: 'account', state: 'deleted' } });
  }
  expect(fixture.reasons().at(-1)).toContain(`an earlier account serviceAccount:${email}`);
  expect((await call({ email, sub: second.uniqueId })).status).toBe(200);
});

it('what everybody may, an account that was deleted may not', async () => {
  const { fixture, accounts, account, call } = await start();
  await using _ = fixture;
  fixture.iam.policies.addBinding(resource, 'roles/run.invoker', 'allUsers');
  const old = { email, sub: account.uniqueId };
  accounts.delete(account);
  expect((await call(old)).status).toBe(403);
  accounts.create('demo-project', 'watcher', texts);
  expect((await call(old)).status).toBe(403);
  expect((await fixture.get()).status).toBe(200);
});

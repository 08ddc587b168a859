import { type JWTPayload, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { oauth2Fixture } from '../../tests/support/oauth2-fixture.ts';
import { selfSignedJwtDetails } from './self-signed-jwt.ts';

const fixture = await oauth2Fixture();
const { accountKeys, accounts, caller, clock } = fixture;
const { key, privateKey } = await accountKeys.create(caller);
const now = Math.floor(clock.now() / 1000);
const scope = 'https://www.googleapis.com/auth/pubsub';

async function details(claims: JWTPayload, alg = 'RS256') {
  const { email } = caller;
  const jwt = await new SignJWT({ iss: email, sub: email, iat: now, exp: now + 3600, ...claims })
    .setProtectedHeader({ alg, kid: key.kid })
    .sign(privateKey);
  return selfSignedJwtDetails(jwt, 'pubsub.googleapis.com', fixture);
}

test.each([
  ['for one API', { aud: 'https://pubsub.googleapis.com/' }, 'cloud-platform'],
  ['with scopes', { scope }, 'pubsub'],
])('one %s stands for its account', async (_title, claims, scopeName) => {
  expect(await details(claims)).toEqual({
    principal: `serviceAccount:${caller.email}`,
    uniqueId: caller.uniqueId,
    scopes: [`https://www.googleapis.com/auth/${scopeName}`],
    expiresAtMs: (now + 3600) * 1000,
  });
});

test.each<[title: string, claims: JWTPayload, alg?: string]>([
  ['another API', { aud: 'https://run.googleapis.com/' }],
  ['somebody else, although it has scopes', { aud: 'https://example.com/', scope }],
  ['no API and no scope', {}],
  ['somebody else', { scope, sub: 'ann@example.com' }],
  ['an expired one', { scope, iat: now - 3600, exp: now }],
  ['another algorithm', { scope }, 'RS512'],
])('one for %s stands for nobody', async (_title, claims, alg) => {
  expect(await details(claims, alg)).toBeUndefined();
});

test('it ends with the account and with the key, and counts again with them', async () => {
  accounts.update(caller, { disabled: true });
  expect(await details({ scope })).toBeUndefined();
  accounts.update(caller, { disabled: false });
  key.disabled = true;
  expect(await details({ scope })).toBeUndefined();
  key.disabled = false;
  expect(await details({ scope })).toBeDefined();
});

import type { KeyObject } from 'node:crypto';
import { decodeJwt, type JWTPayload, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { oauth2Fixture } from '../../../tests/support/oauth2-fixture.ts';

const fixture = await oauth2Fixture();
const { accessTokens, accountKeys, accounts, caller, clock } = fixture;
const { key, privateKey } = await accountKeys.create(caller);
const stranger = (await accountKeys.create(accounts.seed('demo-project', 'b@x.com'))).privateKey;
const scope = 'https://www.googleapis.com/auth/cloud-platform';
const audience = 'https://receiver-1.europe-west1.run.app';
const now = Math.floor(clock.now() / 1000);

async function exchange(
  claims: JWTPayload,
  { signer = privateKey, kid = key.kid }: { signer?: KeyObject; kid?: string | undefined } = {},
) {
  const assertion = await new SignJWT({
    iss: caller.email,
    aud: 'https://oauth2.googleapis.com/token',
    iat: now,
    exp: now + 3600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(kid !== undefined && { kid }) })
    .sign(signer);
  return post({ assertion });
}

const post = (form: Record<string, string>) =>
  fixture.post('/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    ...form,
  });

test('with a scope it becomes an access token of the account', async () => {
  const { status, body } = await exchange({ scope, sub: caller.email });
  expect([status, body.expires_in, body.token_type]).toEqual([200, 3599, 'Bearer']);
  expect(accessTokens.details(body.access_token ?? '')).toMatchObject({
    principal: `serviceAccount:${caller.email}`,
    uniqueId: caller.uniqueId,
    scopes: [scope],
  });
});

test('with a target audience it becomes an ID token, and nothing else', async () => {
  const { body } = await exchange({ target_audience: audience }, { kid: undefined });
  expect(Object.keys(body)).toEqual(['id_token']);
  expect(decodeJwt(body.id_token ?? '')).toMatchObject({
    aud: audience,
    azp: caller.email,
    email: caller.email,
    email_verified: true,
    sub: caller.uniqueId,
  });
});

test('the key with which Google signs for the account counts too', async () => {
  const { kid, privateKey: signer } = await accountKeys.signingKey(caller);
  expect((await exchange({ scope }, { kid, signer })).status).toBe(200);
});

test.each<[title: string, claims: JWTPayload, signer: KeyObject, description: RegExp]>([
  ['another signer', { scope }, stranger, /^Invalid JWT Signature\.$/],
  ['no such account', { iss: 'eve@x.com' }, privateKey, /account not found$/],
  ['another audience', { aud: audience }, privateKey, /Failed audience check/],
  ['too long a life', { exp: now + 3601 }, privateKey, /short-lived token/],
  ['expired', { iat: now - 3600, exp: now }, privateKey, /short-lived token/],
  ['from the future', { iat: now + 301, exp: now + 400 }, privateKey, /reasonable timeframe/],
  ['no exp', { exp: null as never }, privateKey, /Check your iat and exp/],
])('refuses an assertion: %s', async (_title, claims, signer, description) => {
  const { status, body } = await exchange({ scope, ...claims }, { signer });
  expect([status, body.error]).toEqual([400, 'invalid_grant']);
  expect(body.error_description).toMatch(description);
});

test.each<[title: string, claims: JWTPayload, status: number, error: string]>([
  ['neither scope nor audience', {}, 400, 'invalid_scope'],
  ['on behalf of a person', { scope, sub: 'ann@example.com' }, 401, 'unauthorized_client'],
])('refuses an assertion: %s', async (_title, claims, status, error) => {
  expect(await exchange(claims)).toMatchObject({ status, body: { error } });
});

test.each([
  [{}, 'invalid_request', 'Missing required parameter: assertion'],
  [{ assertion: 'x.y' }, 'invalid_grant', 'Invalid JWT.'],
])('refuses what is no assertion: %j', async (form, error, error_description) => {
  expect((await post(form as Record<string, string>)).body).toEqual({ error, error_description });
});

test('a disabled key, a disabled account and a deleted account get nothing, until they are back', async () => {
  const description = async () => (await exchange({ scope })).body.error_description;
  key.disabled = true;
  expect(await description()).toBe('Invalid JWT Signature.');
  key.disabled = false;
  accounts.update(caller, { disabled: true });
  expect(await description()).toBe('Invalid grant: account disabled');
  accounts.update(caller, { disabled: false });
  accounts.delete(caller);
  expect(await description()).toBe('Invalid grant: account not found');
  accounts.undelete(caller.uniqueId);
  expect(await description()).toBeUndefined();
});

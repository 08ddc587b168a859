import { expect, test } from 'vitest';
import { oauth2Fixture } from '../../../tests/support/oauth2-fixture.ts';
import { accountOf } from '../account.ts';
import { gcloudClientId } from '../id-tokens.ts';
import { gcloudScopes } from './refresh-grant.ts';

const fixture = await oauth2Fixture();
const { accessTokens, accounts, caller, clock, idTokens, post, refreshTokens } = fixture;
const ann = accountOf('ann@example.com');
const exp = String(Math.floor(clock.now() / 1000) + 3600);
const invalid = { error: 'invalid_token', error_description: 'Invalid Value' };

const callersToken = (scopes?: string[]) =>
  accessTokens.issue(`serviceAccount:${caller.email}`, {
    uniqueId: caller.uniqueId,
    ...(scopes && { scopes }),
  }).token;
const ofAccessToken = async (access_token: string) =>
  (await post('/tokeninfo', { access_token })).body;
const callersIdToken = () =>
  idTokens.forServiceAccount(caller, { audience: 'https://x', includeEmail: true });

test('of a person’s access token it tells everything', async () => {
  const { token } = accessTokens.issue(`user:${ann.email}`, { scopes: gcloudScopes });
  expect(await ofAccessToken(token)).toEqual({
    azp: gcloudClientId,
    aud: gcloudClientId,
    sub: ann.uniqueId,
    scope: gcloudScopes.join(' '),
    exp,
    expires_in: '3599',
    email: ann.email,
    email_verified: 'true',
    access_type: 'offline',
  });
});

test('of a service account it tells the e-mail address only with that scope', async () => {
  const info = await ofAccessToken(callersToken());
  expect(info).toMatchObject({ azp: caller.uniqueId, aud: caller.uniqueId, access_type: 'online' });
  expect(info).not.toHaveProperty('email');
  const scopes = ['https://www.googleapis.com/auth/userinfo.email'];
  expect(await ofAccessToken(callersToken(scopes))).toMatchObject({ email: caller.email });
});

test('of an ID token it tells claims and header, all as text', async () => {
  const { body } = await post('/tokeninfo', { id_token: await callersIdToken() });
  expect(body).toMatchObject({ aud: 'https://x', email_verified: 'true', exp, alg: 'RS256' });
});

test.each([
  ['an unknown access token', { access_token: 'ya29.x' }, invalid],
  ['no ID token', { id_token: 'x.y.z' }, invalid],
  [
    'nothing',
    {},
    {
      error: 'invalid_request',
      error_description: 'either access_token, id_token, or token_handle required',
    },
  ],
])('refuses %s', async (_title, form, body) => {
  const answer = await post('/tokeninfo', form as Record<string, string>);
  expect(answer).toMatchObject({ status: 400, body });
});

test('tokens of a disabled account are invalid, and valid again with it', async () => {
  const [access, id_token] = [callersToken(), await callersIdToken()];
  accounts.update(caller, { disabled: true });
  expect(await ofAccessToken(access)).toEqual(invalid);
  expect((await post('/tokeninfo', { id_token })).body).toEqual(invalid);
  accounts.update(caller, { disabled: false });
  expect(await ofAccessToken(access)).toHaveProperty('azp');
});

test('what is revoked is invalid, and cannot be revoked again', async () => {
  const refresh = refreshTokens.issue(ann.email);
  const access = accessTokens.issue(`user:${ann.email}`).token;
  for (const token of [access, refresh]) {
    expect(await post('/revoke', { token })).toMatchObject({ status: 200, body: {} });
    expect(await post('/revoke', { token })).toMatchObject({
      status: 400,
      body: { error: 'invalid_token', error_description: 'Token expired or revoked' },
    });
    expect(await ofAccessToken(token)).toEqual(invalid);
  }
  expect(refreshTokens.accountOf(refresh)).toBeUndefined();
  const { body } = await post('/revoke', { token: callersToken() });
  expect(body.error).toBe('unsupported_token_type');
});

import { UserRefreshClient } from 'google-auth-library';
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { oauth2Fixture } from '../../../tests/support/oauth2-fixture.ts';
import { authorizedUserFile } from '../refresh-tokens.ts';

const { accessTokens, refreshTokens, post, start, notices } = await oauth2Fixture();
const refreshToken = refreshTokens.issue('Developer@example.com');
const ask = (form: Record<string, string>) => post('/token', form);

test('a refresh token becomes an access token and an ID token of its person', async () => {
  const { status, headers, body } = await ask({
    grant_type: 'refresh_token',
    client_id: 'x',
    refresh_token: refreshToken,
  });
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  const { access_token, id_token, expires_in, scope, token_type } = body as Record<string, string>;
  expect(accessTokens.details(access_token ?? '')?.principal).toBe('user:developer@example.com');
  expect(decodeJwt(id_token ?? '')).toMatchObject({ email: 'developer@example.com' });
  expect({ expires_in, token_type }).toEqual({ expires_in: 3599, token_type: 'Bearer' });
  expect(scope).toContain('openid');
});

test.each([
  [{ grant_type: 'refresh_token', refresh_token: 'x' }, 'invalid_grant', 'Bad Request'],
  [{ grant_type: 'refresh_token' }, 'invalid_request', 'Missing required parameter: refresh_token'],
  [{}, 'invalid_request', 'Missing required parameter: grant_type'],
  [{ grant_type: 'password' }, 'unsupported_grant_type', 'Not in the local cloud: password'],
  [
    { grant_type: 'refresh_token', x: 'x'.repeat(70_000) },
    'invalid_request',
    'The request body is too large.',
  ],
])('refuses %j', async (form, error, error_description) => {
  expect(await ask(form as Record<string, string>)).toMatchObject({
    status: 400,
    body: { error, error_description },
  });
});

test.each([
  ['GET', '/token', 405],
  ['GET', '/revoke', 405],
  ['POST', '/device/code', 501],
])('%s %s: %i', async (method, path, status) => {
  expect((await fetch((await start()) + path, { method })).status).toBe(status);
});

test('what is not there is told at the terminal, without the query', async () => {
  await fetch(`${await start()}/device/code?token=secret`);
  expect(notices.at(-1)).toMatch(/^GET .*\/device\/code is not implemented in the local cloud$/);
});

test('the credentials file works with UserRefreshClient', async () => {
  const client = new UserRefreshClient({ endpoints: { oauth2TokenUrl: `${await start()}/token` } });
  client.fromJSON(JSON.parse(authorizedUserFile(refreshToken)));
  const { token } = await client.getAccessToken();
  expect(accessTokens.details(token ?? '')?.principal).toBe('user:developer@example.com');
});

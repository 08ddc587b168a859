import { expect, test } from 'vitest';
import { oauth2Fixture } from '../../tests/support/oauth2-fixture.ts';
import type { ApiError } from '../network/api-error.ts';
import { bearerAuthentication } from './bearer-authentication.ts';

const { accessTokens, accounts, caller, idTokens } = await oauth2Fixture();
const call = { service: 'pubsub.googleapis.com', method: 'google.pubsub.v1.Publisher.Publish' };
const notices: string[] = [];
const authenticate = bearerAuthentication({
  tokens: accessTokens,
  accounts,
  notify: (sentence) => notices.push(sentence),
});

const principal = `serviceAccount:${caller.email}` as const;
const { uniqueId } = caller;
const { token } = accessTokens.issue(principal, { uniqueId });
const withScopes = (...scopes: string[]) =>
  accessTokens.issue(principal, { uniqueId, scopes }).token;
const idToken = await idTokens.forServiceAccount(caller, { audience: 'x', includeEmail: true });

function refusalOf(...headers: string[]): ApiError | undefined {
  try {
    authenticate(headers, call);
    return undefined;
  } catch (error) {
    return error as ApiError;
  }
}

test.each([
  ['a token for everything', token],
  ['a token for this API', withScopes('https://www.googleapis.com/auth/pubsub')],
])('%s stands for its account', (_title, candidate) => {
  expect(authenticate([`bearer ${candidate}`], call)).toBe(principal);
});

test.each<[title: string, headers: string[], code: string, reason: string]>([
  ['nothing', [], 'UNAUTHENTICATED', 'CREDENTIALS_MISSING'],
  ['an unknown token', ['Bearer ya29.x'], 'UNAUTHENTICATED', 'ACCESS_TOKEN_EXPIRED'],
  ['two headers', [`Bearer ${token}`, 'x'], 'UNAUTHENTICATED', 'ACCESS_TOKEN_EXPIRED'],
  ['an ID token', [`Bearer ${idToken}`], 'UNAUTHENTICATED', 'ACCESS_TOKEN_TYPE_UNSUPPORTED'],
  [
    'a token for another API',
    [`Bearer ${withScopes('https://www.googleapis.com/auth/iam')}`],
    'PERMISSION_DENIED',
    'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  ],
])('refuses %s, and says why without showing it', (_title, headers, code, reason) => {
  expect(refusalOf(...headers)).toMatchObject({ code, details: [{ reason }] });
  expect(notices.at(-1)).toMatch(/^refused Publish: /);
  expect(notices.at(-1)).not.toMatch(/ya29|eyJ/);
});

test('the token of a deleted account stays refused when the name is taken again, until it is back', () => {
  const deleted = { code: 'UNAUTHENTICATED', details: [{ reason: 'ACCOUNT_STATE_INVALID' }] };
  accounts.delete(caller);
  expect(refusalOf(`Bearer ${token}`)).toMatchObject(deleted);
  const second = accounts.create('demo-project', 'caller', { displayName: '', description: '' });
  expect(refusalOf(`Bearer ${token}`)).toMatchObject(deleted);
  accounts.delete(second);
  accounts.undelete(uniqueId);
  expect(refusalOf(`Bearer ${token}`)).toBeUndefined();
});

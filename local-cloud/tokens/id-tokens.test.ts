import { createHmac, sign } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { accountOf, uniqueIdOf } from './account.ts';
import { gcloudClientId, IdTokens } from './id-tokens.ts';
import { type SigningKey, SigningKeys } from './signing-keys.ts';
import { verifyIdToken } from './verify-id-token.ts';

const clock = standingClock();
const caller = accountOf('caller@demo-project.iam.gserviceaccount.com');
const audience = 'https://receiver-1.europe-west1.run.app';
let keys: SigningKeys;
let idTokens: IdTokens;
let stranger: SigningKey;

beforeAll(async () => {
  keys = await SigningKeys.create(clock);
  stranger = (await SigningKeys.create(clock)).current;
  idTokens = new IdTokens({ keys, clock });
});

const now = () => Math.floor(clock.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const mint = () => idTokens.forServiceAccount(caller, { audience, includeEmail: true });
const verdictOf = (token: string) => verifyIdToken(token, { keys, clock });

/** A token with any header and claims, really signed. */
function forge(claims: object, header: object = {}, key = keys.current): string {
  const base = { iss: 'https://accounts.google.com', aud: audience, sub: caller.uniqueId };
  const times = { iat: now(), exp: now() + 3600 };
  const input = `${encode({ alg: 'RS256', kid: keys.current.kid, typ: 'JWT', ...header })}.${encode({ ...base, ...times, ...claims })}`;
  return `${input}.${sign('sha256', Buffer.from(input), key.privateKey).toString('base64url')}`;
}

test('unique ids have 21 digits and depend on the address alone', () => {
  expect(caller.uniqueId).toMatch(/^1\d{20}$/);
  expect(uniqueIdOf('Caller@demo-project.iam.gserviceaccount.com')).toBe(caller.uniqueId);
  expect(uniqueIdOf('receiver@demo-project.iam.gserviceaccount.com')).not.toBe(caller.uniqueId);
});

test('the token of a service account has exactly the claims of Google', async () => {
  const token = await mint();
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', kid: keys.current.kid, typ: 'JWT' });
  const claims = decodeJwt(token);
  expect(claims).toEqual({
    aud: audience,
    azp: caller.uniqueId,
    email: caller.email,
    email_verified: true,
    exp: (claims.iat ?? 0) + 3600,
    iat: expect.any(Number),
    iss: 'https://accounts.google.com',
    sub: caller.uniqueId,
  });
  expect(await verdictOf(token)).toEqual({ ok: true, claims });
});

test('without the e-mail address it names the account by its number only', async () => {
  const token = await idTokens.forServiceAccount(caller, { audience, includeEmail: false });
  expect(Object.keys(decodeJwt(token)).sort()).toEqual(['aud', 'azp', 'exp', 'iat', 'iss', 'sub']);
});

test('the token of a person is made out to gcloud', async () => {
  const token = await idTokens.forUser(accountOf('developer@example.com'), 'ya29.x');
  expect(decodeJwt(token)).toMatchObject({
    aud: gcloudClientId,
    azp: gcloudClientId,
    at_hash: expect.stringMatching(/^[\w-]{22}$/),
    email: 'developer@example.com',
    email_verified: true,
    sub: uniqueIdOf('developer@example.com'),
  });
  expect(await verdictOf(token)).toMatchObject({ ok: true });
});

test('the lifetime can be changed at run time, to whole seconds only', async () => {
  const own = new IdTokens({ keys, clock });
  own.lifetimeSeconds = 60;
  const { iat = 0, exp } = decodeJwt(await own.forUser(caller));
  expect(exp).toBe(iat + 60);
  for (const lifetime of [0, -1, 1.5, Number.NaN]) {
    expect(() => {
      own.lifetimeSeconds = lifetime;
    }).toThrow(RangeError);
  }
});

test('expires when its time has come, survives a rotation, not an abrupt one', async () => {
  const ownClock = standingClock();
  const ownKeys = await SigningKeys.create(ownClock);
  const services = { keys: ownKeys, clock: ownClock };
  const tokens = new IdTokens(services);
  const first = await tokens.forUser(caller);
  await ownKeys.rotate();
  expect(await verifyIdToken(first, services)).toMatchObject({ ok: true });
  ownClock.advanceBy(3_601_000);
  expect(await verifyIdToken(first, services)).toEqual({ ok: false, reason: 'expired' });
  const second = await tokens.forUser(caller);
  await ownKeys.rotate({ abrupt: true });
  expect(await verifyIdToken(second, services)).toEqual({ ok: false, reason: 'bad-signature' });
});

test.each<[string, string, () => string | Promise<string>]>([
  ['malformed', 'nothing', () => ''],
  ['malformed', 'an access token', () => 'ya29.abc'],
  ['malformed', 'thousands of dots', () => '.'.repeat(100_000)],
  ['malformed', 'a fourth part', async () => `${await mint()}.x`],
  ['malformed', 'a trailing newline', async () => `${await mint()}\n`],
  ['malformed', 'a megabyte', () => forge({ fill: 'x'.repeat(1_000_000) })],
  ['malformed', 'a header that is no JSON', async () => `e30x.${(await mint()).slice(5)}`],
  ['malformed', 'alg none', async () => `${encode({ alg: 'none' })}.${encode({})}.AA`],
  [
    'malformed',
    'alg HS256 with the public key',
    () => {
      const input = `${encode({ alg: 'HS256', kid: keys.current.kid })}.${encode({ sub: 'x' })}`;
      const secret = keys.current.publicKey.export({ type: 'spki', format: 'pem' });
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    },
  ],
  ['malformed', 'alg RS512', () => forge({}, { alg: 'RS512' })],
  ['malformed', 'no kid', () => forge({}, { kid: undefined })],
  ['malformed', 'another type', () => forge({}, { typ: 'at+jwt' })],
  ['bad-signature', 'an unknown kid', () => forge({}, { kid: '0'.repeat(40) }, stranger)],
  ['bad-signature', 'the signature of another key', () => forge({}, {}, stranger)],
  [
    'bad-signature',
    'an embedded key',
    () => forge({}, { jwk: stranger.publicKey.export({ format: 'jwk' }) }, stranger),
  ],
  ['bad-signature', 'a critical extension', () => forge({}, { crit: ['x'], x: 1 })],
  [
    'bad-signature',
    'a removed signature',
    async () => (await mint()).replace(/[^.]+$/, 'SIGNATURE_REMOVED_BY_GOOGLE'),
  ],
  [
    'bad-signature',
    'altered claims',
    async () => {
      const [header, , signature] = (await mint()).split('.');
      return `${header}.${encode({ sub: 'other' })}.${signature}`;
    },
  ],
  ['wrong-issuer', 'another issuer', () => forge({ iss: 'https://evil.example' })],
  ['wrong-issuer', 'the issuer without scheme', () => forge({ iss: 'accounts.google.com' })],
  ['missing-claims', 'no issuer', () => forge({ iss: undefined })],
  ['missing-claims', 'no audience', () => forge({ aud: undefined })],
  ['missing-claims', 'several audiences', () => forge({ aud: [audience] })],
  ['missing-claims', 'no subject', () => forge({ sub: '' })],
  ['missing-claims', 'no expiry', () => forge({ exp: undefined })],
  ['missing-claims', 'a time in words', () => forge({ exp: `${now() + 60}` })],
  ['missing-claims', 'half a second', () => forge({ iat: now() - 0.5 })],
  ['missing-claims', 'an address that is no text', () => forge({ email: [caller.email] })],
  ['missing-claims', 'a verification that is no boolean', () => forge({ email_verified: 'true' })],
  ['not-yet-valid', 'issued in the future', () => forge({ iat: now() + 60 })],
  ['not-yet-valid', 'nbf in the future', () => forge({ nbf: now() + 60 })],
  ['expired', 'exp in the past', () => forge({ iat: now() - 7200, exp: now() - 1 })],
])('%s: %s', async (reason, _, token) => {
  expect(await verdictOf(await token())).toEqual({ ok: false, reason });
});

test('loose base64 of a genuine token is malformed', async () => {
  const [header = '', claims = '', signature = ''] = (await mint()).split('.');
  // 256 bytes end in four unused bits: another last character stands for the same bytes.
  const loose = `${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : String.fromCharCode(signature.charCodeAt(signature.length - 1) + 1)}`;
  expect(Buffer.from(loose, 'base64url').equals(Buffer.from(signature, 'base64url'))).toBe(true);
  expect(await verdictOf(`${header}.${claims}.${loose}`)).toEqual({
    ok: false,
    reason: 'malformed',
  });
});

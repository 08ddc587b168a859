import { createPublicKey, verify } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, importX509, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { startIamApis } from '../../tests/support/iam-apis-fixture.ts';
import { serve } from '../../tests/support/network.ts';
import { serviceAccountResource } from '../iam/resource-names.ts';
import { accountCertificates } from '../tokens/account-certificates.ts';
import { createCertificatesEndpoint } from '../tokens/certificates-endpoint.ts';
import { SigningKeys } from '../tokens/signing-keys.ts';

const caller = 'caller@demo-project.iam.gserviceaccount.com';
const receiver = 'receiver@demo-project.iam.gserviceaccount.com';
const scope = ['https://www.googleapis.com/auth/cloud-platform'];
const ann = 'user:ann@example.com';
const of = (account: string, verb: string) =>
  `POST /v1/projects/-/serviceAccounts/${account}:${verb}`;
const resourceOf = (account: string) => serviceAccountResource('demo-project', account);

/** Ann may make tokens of the caller. */
async function start() {
  const apis = await startIamApis();
  const grant = (account: string, member: string, role = 'roles/iam.serviceAccountTokenCreator') =>
    apis.iam.policies.addBinding(resourceOf(account), role, member);
  grant(caller, ann);
  const ask = (verb: string, body: object, account = caller, as: `user:${string}` = ann) =>
    apis.call(of(account, verb), { as, body });
  const account = apis.accounts.current(caller);
  if (!account) throw new Error('the caller is gone');
  return { ...apis, grant, ask, account };
}

describe('what it gives', () => {
  it('no restriction to regions', async () => {
    const { call } = await start();
    const path = `GET /v1/projects/-/serviceAccounts/${caller}/allowedLocations`;
    expect(await call(path, { as: ann })).toMatchObject({ body: { encodedLocations: '0x0' } });
  });

  it.each([undefined, '3600s', '90.5s'])('an access token, lifetime %s', async (lifetime) => {
    const { ask, accessTokens, account, clock } = await start();
    const { status, body } = await ask('generateAccessToken', { scope, lifetime, delegates: null });
    expect(status).toBe(200);
    const lifetimeMs = Number((lifetime ?? '3600s').replace('s', '')) * 1000;
    expect(accessTokens.details(body.accessToken)).toEqual({
      principal: `serviceAccount:${caller}`,
      uniqueId: account.uniqueId,
      scopes: scope,
      expiresAtMs: clock.now() + lifetimeMs,
    });
    expect(body.expireTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it.each([
    [{}, false, false],
    [{ includeEmail: true }, true, false],
    [{ includeEmail: true, useEmailAzp: true }, true, true],
  ])('an ID token: %j', async (options, hasEmail, hasEmailAsParty) => {
    const { ask, account } = await start();
    const { body } = await ask('generateIdToken', { audience: 'https://x', ...options });
    const { email, azp, aud, sub } = decodeJwt(body.token);
    expect({ email, azp, aud, sub }).toEqual({
      email: hasEmail ? caller : undefined,
      azp: hasEmailAsParty ? caller : account.uniqueId,
      aud: 'https://x',
      sub: account.uniqueId,
    });
  });

  it('a signed JWT that anybody can verify with the published keys', async () => {
    const { ask, accounts, accountKeys, clock } = await start();
    const exp = Math.floor(clock.now() / 1000) + 12 * 3600;
    const payload = JSON.stringify({ sub: 'me', exp });
    const { body } = await ask('signJwt', { payload });
    const keys = await SigningKeys.create(clock);
    const ofAccounts = accountCertificates({ accounts, accountKeys });
    const url = await serve(createCertificatesEndpoint({ keys, clock, ofAccounts }).handle);
    const get = async (path: string) => (await (await fetch(url + path)).json()) as never;

    const set = await get(`/service_accounts/v1/metadata/jwk/${caller}`);
    const verified = await jwtVerify(body.signedJwt, createLocalJWKSet(set));
    expect(verified.payload).toEqual({ sub: 'me', exp });
    for (const path of ['service_accounts', 'robot']) {
      const pems = await get(`/${path}/v1/metadata/x509/${encodeURIComponent(caller)}`);
      await jwtVerify(body.signedJwt, await importX509(pems[body.keyId], 'RS256'));
    }
    const nobody = await fetch(`${url}/service_accounts/v1/metadata/jwk/x@y.com`);
    expect(nobody.status).toBe(404);
  });

  it.each(['base64', 'base64url'] as const)('a signed blob, given in %s', async (encoding) => {
    const { ask, account, accountKeys } = await start();
    const payload = Buffer.from([0xfb, 0xff, 0xfe, 1]);
    const { body } = await ask('signBlob', { payload: payload.toString(encoding) });
    const { publicKey } = await accountKeys.signingKey(account);
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    const signature = Buffer.from(body.signedBlob, 'base64');
    expect(verify('RSA-SHA256', payload, key, signature)).toBe(true);
  });

  it('to who names the account by its unique id, too', async () => {
    const { ask, account } = await start();
    expect((await ask('generateAccessToken', { scope }, account.uniqueId)).status).toBe(200);
  });
});

describe('a chain of delegates', () => {
  const delegates = [`projects/-/serviceAccounts/${caller}`];

  it('gives a token if each may use the next', async () => {
    const { ask, grant, accessTokens, iam } = await start();
    grant(receiver, `serviceAccount:${caller}`);
    const { body } = await ask('generateAccessToken', { scope, delegates }, receiver);
    expect(accessTokens.details(body.accessToken)?.principal).toBe(`serviceAccount:${receiver}`);
    const asked = iam.decisions.since(0).map(({ decision: { principal, permission } }) => ({
      principal,
      permission,
    }));
    expect(asked).toEqual([
      { principal: ann, permission: 'iam.serviceAccounts.implicitDelegation' },
      { principal: `serviceAccount:${caller}`, permission: 'iam.serviceAccounts.getAccessToken' },
    ]);
  });

  it('breaks at the link that may not', async () => {
    const { ask, grant } = await start();
    const first = await ask('generateAccessToken', { scope, delegates }, receiver);
    expect(first.status).toBe(403);
    grant(receiver, `serviceAccount:${caller}`);
    const bob = await ask('generateAccessToken', { scope, delegates }, receiver, 'user:bob@x.com');
    expect(bob.body.error.details[0].metadata.permission).toBe(
      'iam.serviceAccounts.implicitDelegation',
    );
  });
});

describe('refusals', () => {
  it.each([
    ['generateAccessToken', 'getAccessToken', { scope }],
    ['generateIdToken', 'getOpenIdToken', { audience: 'https://x' }],
    ['signJwt', 'signJwt', { payload: '{}' }],
    ['signBlob', 'signBlob', { payload: '' }],
  ])('%s without %s', async (verb, permission, body) => {
    const { ask } = await start();
    const answer = await ask(verb, body, receiver);
    expect(answer.status).toBe(403);
    expect(answer.body.error).toMatchObject({
      message: `Permission 'iam.serviceAccounts.${permission}' denied on resource (or it may not exist).`,
      details: [
        {
          reason: 'IAM_PERMISSION_DENIED',
          domain: 'iam.googleapis.com',
          metadata: { permission: `iam.serviceAccounts.${permission}` },
        },
      ],
    });
  });

  it.each<[title: string, verb: string, body: object, message: RegExp]>([
    ['no scope', 'generateAccessToken', {}, /scope is required/],
    ['a long life', 'generateAccessToken', { scope, lifetime: '3601s' }, /at most 3600s/],
    ['no life', 'generateAccessToken', { scope, lifetime: '0s' }, /Invalid lifetime 0s/],
    ['no duration', 'generateAccessToken', { scope, lifetime: '1h' }, /Invalid lifetime 1h/],
    ['no audience', 'generateIdToken', { includeEmail: true }, /audience is required/],
    [
      'a bad delegate',
      'generateIdToken',
      { audience: 'x', delegates: ['x'] },
      /Invalid delegate x/,
    ],
    ['no JSON', 'signJwt', { payload: 'x' }, /must be a JSON object/],
    ['a list', 'signJwt', { payload: '[]' }, /must be a JSON object/],
    ['a late exp', 'signJwt', { payload: '{"exp":99999999999}' }, /at most 12 hours/],
    ['a past exp', 'signJwt', { payload: '{"exp":1}' }, /not in the past/],
    ['an exp in words', 'signJwt', { payload: '{"exp":"soon"}' }, /whole seconds/],
    ['no base64', 'signBlob', { payload: '%' }, /'payload'/],
  ])('%s', async (_title, verb, body, message) => {
    const { ask } = await start();
    const answer = await ask(verb, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
    expect(answer.body.error.message).toMatch(message);
  });

  it('a project in the place of -', async () => {
    const { call } = await start();
    const path = `POST /v1/projects/demo-project/serviceAccounts/${caller}:generateAccessToken`;
    const { status, body } = await call(path, { as: ann, body: { scope } });
    expect([status, body.error.message]).toEqual([400, expect.stringMatching(/^Use - in place/)]);
  });

  it('an account that is disabled or deleted, until it is back', async () => {
    const { ask, accounts, account, iam } = await start();
    const project = '//cloudresourcemanager.googleapis.com/projects/demo-project';
    iam.policies.addBinding(project, 'roles/iam.serviceAccountTokenCreator', ann);
    const status = async () => {
      const { body } = await ask('generateIdToken', { audience: 'https://x' });
      return body.error?.status;
    };
    accounts.update(account, { disabled: true });
    expect(await status()).toBe('FAILED_PRECONDITION');
    accounts.update(account, { disabled: false });
    accounts.delete(account);
    expect(await status()).toBe('NOT_FOUND');
    accounts.undelete(account.uniqueId);
    expect(await status()).toBeUndefined();
  });
});

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { startIamApis } from '../../../../tests/support/iam-apis-fixture.ts';

const caller = 'caller@demo-project.iam.gserviceaccount.com';
const keys = `/v1/projects/demo-project/serviceAccounts/${caller}/keys`;

async function withKey() {
  const apis = await startIamApis();
  const { body } = await apis.call(`POST ${keys}`);
  const file = JSON.parse(Buffer.from(body.privateKeyData, 'base64').toString());
  return { ...apis, key: body, file, path: `${keys}/${file.private_key_id}` };
}

it('a new key comes with its file, and the terminal says what that means', async () => {
  const { key, file, notices, accounts } = await withKey();
  expect(key).toMatchObject({
    name: `projects/demo-project/serviceAccounts/${caller}/keys/${file.private_key_id}`,
    privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE',
    keyAlgorithm: 'KEY_ALG_RSA_2048',
    keyOrigin: 'GOOGLE_PROVIDED',
    keyType: 'USER_MANAGED',
    validBeforeTime: '9999-12-31T23:59:59Z',
  });
  expect(file).toMatchObject({
    type: 'service_account',
    project_id: 'demo-project',
    client_email: caller,
    client_id: accounts.current(caller)?.uniqueId,
    token_uri: 'https://oauth2.googleapis.com/token',
  });
  expect(notices).toEqual([expect.stringContaining('Impersonation')]);
  expect(JSON.stringify(notices)).not.toContain('PRIVATE');
});

it('nobody gets the private part again, and everybody the public one', async () => {
  const { call, path, file } = await withKey();
  const { body } = await call(`GET ${path}?publicKeyType=TYPE_X509_PEM_FILE`);
  expect(body).not.toHaveProperty('privateKeyData');
  const certificate = new X509Certificate(Buffer.from(body.publicKeyData, 'base64'));
  expect(certificate.checkPrivateKey(createPrivateKey(file.private_key))).toBe(true);
  const raw = (await call(`GET ${path}?publicKeyType=TYPE_RAW_PUBLIC_KEY`)).body.publicKeyData;
  expect(Buffer.from(raw, 'base64').toString()).toMatch(/^-----BEGIN PUBLIC KEY/);
});

it('the list tells the keys of users from those of Google, which cannot be deleted', async () => {
  const { call, accounts, accountKeys, key } = await withKey();
  const account = accounts.current(caller);
  if (!account) throw new Error('the caller is gone');
  const { kid } = await accountKeys.signingKey(account);
  const list = async (query: string) =>
    (await call(`GET ${keys}${query}`)).body.keys.map(({ name }: { name: string }) => name);
  const own = `projects/demo-project/serviceAccounts/${caller}/keys/${kid}`;
  expect(await list('')).toEqual([key.name, own]);
  expect(await list('?keyTypes=USER_MANAGED')).toEqual([key.name]);
  expect(await list('?keyTypes=SYSTEM_MANAGED')).toEqual([own]);
  for (const path of [`DELETE ${keys}/${kid}`, `POST ${keys}/${kid}:disable`]) {
    expect(await call(path)).toMatchObject({
      status: 400,
      body: { error: { status: 'FAILED_PRECONDITION' } },
    });
  }
});

it('a key is disabled, enabled and deleted', async () => {
  const { call, path } = await withKey();
  await call(`POST ${path}:disable`);
  expect((await call(`GET ${path}`)).body.disabled).toBe(true);
  await call(`POST ${path}:enable`);
  expect((await call(`GET ${path}`)).body.disabled).toBeUndefined();
  expect(await call(`DELETE ${path}`)).toEqual({ status: 200, body: {} });
  expect((await call(`GET ${path}`)).status).toBe(404);
  expect((await call(`GET ${keys}`)).body).toEqual({});
});

it.each<[title: string, call: string, body: object | undefined, status: number]>([
  ['PKCS #12', `POST ${keys}`, { privateKeyType: 'TYPE_PKCS12_FILE' }, 501],
  ['a short key', `POST ${keys}`, { keyAlgorithm: 'KEY_ALG_RSA_1024' }, 501],
  ['an upload', `POST ${keys}:upload`, { publicKeyData: 'eA==' }, 501],
  ['an unknown form', `POST ${keys}`, { privateKeyType: 'x' }, 400],
  ['an unknown type of key', `GET ${keys}?keyTypes=x`, undefined, 400],
  ['an unknown key', `GET ${keys}/x`, undefined, 404],
])('refuses %s', async (_title, path, body, status) => {
  const { call } = await startIamApis();
  expect((await call(path, { body })).status).toBe(status);
});

it.each([
  [`POST ${keys}`, 'create'],
  [`GET ${keys}`, 'list'],
  [`GET ${keys}/x`, 'get'],
  [`DELETE ${keys}/x`, 'delete'],
  [`POST ${keys}/x:enable`, 'enable'],
  [`POST ${keys}/x:disable`, 'disable'],
])('%s is refused without a role', async (path, verb) => {
  const { call } = await startIamApis();
  const { status, body } = await call(path, { as: 'user:ann@example.com' });
  expect([status, body.error.details[0].metadata.permission]).toEqual([
    403,
    `iam.serviceAccountKeys.${verb}`,
  ]);
});

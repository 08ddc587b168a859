import { describe, expect, it } from 'vitest';
import { startIamApis } from '../../../../tests/support/iam-apis-fixture.ts';

const project = '/v1/projects/demo-project/serviceAccounts';
const email = 'watcher@demo-project.iam.gserviceaccount.com';
const caller = 'caller@demo-project.iam.gserviceaccount.com';
const create = { accountId: 'watcher', serviceAccount: { displayName: 'Watcher' } };

async function withWatcher() {
  const apis = await startIamApis();
  const { body } = await apis.call(`POST ${project}`, { body: create });
  return { ...apis, watcher: body as { uniqueId: string; etag: string } };
}

describe('an account', () => {
  it('is created as Google shows it, what is empty left out', async () => {
    const { watcher } = await withWatcher();
    expect(watcher).toEqual({
      name: `projects/demo-project/serviceAccounts/${email}`,
      projectId: 'demo-project',
      uniqueId: expect.stringMatching(/^\d{21}$/),
      email,
      displayName: 'Watcher',
      etag: expect.any(String),
      oauth2ClientId: watcher.uniqueId,
    });
  });

  it.each([
    ['its address', (_id: string) => `${project}/${email}`],
    ['its unique id', (id: string) => `${project}/${id}`],
    ['any project', (_id: string) => `/v1/projects/-/serviceAccounts/${email}`],
    [
      'the number of its project',
      (id: string) => `/v1/projects/123456789012/serviceAccounts/${id}`,
    ],
  ])('is found by %s', async (_title, path) => {
    const { call, watcher } = await withWatcher();
    expect((await call(`GET ${path(watcher.uniqueId)}`)).body).toEqual(watcher);
  });

  it.each<[title: string, body: object, expected: object]>([
    [
      'what the mask names',
      { serviceAccount: { displayName: 'x', description: 'y' }, updateMask: 'description' },
      { displayName: 'Watcher', description: 'y' },
    ],
    [
      'what is there without a mask',
      { serviceAccount: { displayName: 'x' } },
      { displayName: 'x' },
    ],
    ['what the mask names and the body lacks', { updateMask: 'display_name' }, { email }],
  ])('is changed: %s', async (_title, body, expected) => {
    const { call, watcher } = await withWatcher();
    const answer = await call(`PATCH ${project}/${email}`, { body });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject(expected);
    expect(answer.body.etag).not.toBe(watcher.etag);
  });

  it('is disabled and enabled', async () => {
    const { call } = await withWatcher();
    const get = async () => (await call(`GET ${project}/${email}`)).body.disabled;
    expect(await call(`POST ${project}/${email}:disable`)).toEqual({ status: 200, body: {} });
    expect(await get()).toBe(true);
    expect((await call(`POST ${project}/${email}:enable`)).status).toBe(200);
    expect(await get()).toBeUndefined();
  });

  it('is deleted, and comes back by its unique id with its bindings', async () => {
    const { call, iam, watcher } = await withWatcher();
    const resource = '//pubsub.googleapis.com/projects/demo-project/topics/events';
    iam.policies.addBinding(resource, 'roles/pubsub.viewer', `serviceAccount:${email}`);
    expect(await call(`DELETE ${project}/${email}`)).toEqual({ status: 200, body: {} });
    expect((await call(`GET ${project}/${email}`)).status).toBe(404);
    const { body } = await call(`POST /v1/projects/-/serviceAccounts/${watcher.uniqueId}:undelete`);
    expect(body.restoredAccount).toMatchObject({ email, uniqueId: watcher.uniqueId });
    const request = {
      principal: `serviceAccount:${email}`,
      permission: 'pubsub.topics.get',
    } as const;
    expect(iam.check({ ...request, resource }).allowed).toBe(true);
  });

  it('comes back without the policy of another account that had its name meanwhile', async () => {
    const { call, watcher, iam } = await withWatcher();
    await call(`DELETE ${project}/${email}`);
    await call(`POST ${project}`, { body: create });
    const resource = `//iam.googleapis.com/projects/demo-project/serviceAccounts/${email}`;
    iam.policies.addBinding(resource, 'roles/iam.serviceAccountUser', 'user:ann@example.com');
    await call(`DELETE ${project}/${email}`);
    expect((await call(`POST ${project}/${watcher.uniqueId}:undelete`)).status).toBe(200);
    expect(iam.policies.get(resource).bindings).toEqual([]);
  });

  it('made again after a deletion is another one, and the first cannot come back', async () => {
    const { call, watcher } = await withWatcher();
    await call(`DELETE ${project}/${email}`);
    const again = await call(`POST ${project}`, { body: create });
    expect(again.body.uniqueId).not.toBe(watcher.uniqueId);
    expect(await call(`POST ${project}/${watcher.uniqueId}:undelete`)).toMatchObject({
      status: 400,
      body: { error: { status: 'FAILED_PRECONDITION' } },
    });
  });
});

it('the list has pages', async () => {
  const { call } = await withWatcher();
  const first = (await call(`GET ${project}?pageSize=3`)).body;
  const second = (await call(`GET ${project}?pageSize=3&pageToken=${first.nextPageToken}`)).body;
  expect([...first.accounts, ...second.accounts].map((account) => account.email)).toEqual([
    '123456789012-compute@developer.gserviceaccount.com',
    caller,
    'receiver@demo-project.iam.gserviceaccount.com',
    email,
  ]);
  expect(second.nextPageToken).toBeUndefined();
});

it('its policy is read with the version in the query, as gcloud does, and written', async () => {
  const { call } = await withWatcher();
  const read = await call(`POST ${project}/${email}:getIamPolicy?options.requestedPolicyVersion=3`);
  expect(read.body).toEqual({ version: 1, etag: 'ACAB' });
  const condition = { title: 'always', expression: 'true' };
  const bindings = [
    { role: 'roles/iam.serviceAccountTokenCreator', members: ['user:ann@example.com'], condition },
  ];
  const body = { policy: { bindings, etag: 'ACAB', version: 3 } };
  const path = `POST ${project}/${email}`;
  expect((await call(`${path}:setIamPolicy`, { body })).body).toMatchObject({ bindings });
  expect((await call(`${path}:setIamPolicy`, { body })).status).toBe(409);
  const again = await call(`${path}:getIamPolicy?options.requestedPolicyVersion=3`);
  expect(again.body).toMatchObject({ version: 3, bindings });
});

it.each<[title: string, call: string, body: object | undefined, status: number, message: RegExp]>([
  ['taken', `POST ${project}`, { accountId: 'caller' }, 409, /already exists within project/],
  ['short', `POST ${project}`, { accountId: 'ab' }, 400, /length between 6 and 30/],
  ['no id', `POST ${project}`, undefined, 400, /length between 6 and 30/],
  ['a typo', `POST ${project}`, { accountID: 'x' }, 400, /Unknown name "accountID"/],
  [
    'too long a name',
    `POST ${project}`,
    { accountId: 'watcher', serviceAccount: { displayName: 'ä'.repeat(51) } },
    400,
    /'serviceAccount.displayName': at most 100 bytes/,
  ],
  [
    'a bad mask',
    `PATCH ${project}/${caller}`,
    { updateMask: 'email' },
    400,
    /may name displayName/,
  ],
  ['nobody', `GET ${project}/${email}`, undefined, 404, /^Unknown service account$/],
  ['an address', `POST ${project}/${email}:undelete`, undefined, 400, /by its unique id/],
  ['an unknown id', `POST ${project}/123:undelete`, undefined, 404, /^Unknown service account$/],
  ['a bad page size', `GET ${project}?pageSize=x`, undefined, 400, /pageSize/],
])('refuses %s', async (_title, path, body, status, message) => {
  const { call } = await startIamApis();
  const answer = await call(path, { body });
  expect(answer).toMatchObject({ status, body: { error: { code: status } } });
  expect(answer.body.error.message).toMatch(message);
});

describe('who has no role', () => {
  const ann = 'user:ann@example.com';

  it.each([
    [`POST ${project}`, 'create', 'CreateServiceAccount'],
    [`GET ${project}`, 'list', 'ListServiceAccounts'],
    [`GET ${project}/${caller}`, 'get', 'GetServiceAccount'],
    [`PATCH ${project}/${caller}`, 'update', 'PatchServiceAccount'],
    [`DELETE ${project}/${caller}`, 'delete', 'DeleteServiceAccount'],
    [`POST ${project}/1:undelete`, 'undelete', 'UndeleteServiceAccount'],
    [`POST ${project}/${caller}:enable`, 'enable', 'EnableServiceAccount'],
    [`POST ${project}/${caller}:disable`, 'disable', 'DisableServiceAccount'],
    [`POST ${project}/${caller}:getIamPolicy`, 'getIamPolicy', 'GetIamPolicy'],
    [`POST ${project}/${caller}:setIamPolicy`, 'setIamPolicy', 'SetIamPolicy'],
    [`GET ${project}/nobody@demo-project.iam.gserviceaccount.com`, 'get', 'GetServiceAccount'],
  ])('%s is refused', async (path, verb, action) => {
    const { call, iam } = await startIamApis();
    const permission = `iam.serviceAccounts.${verb}`;
    const { status, body } = await call(path, { as: ann });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({
      status: 'PERMISSION_DENIED',
      message: expect.stringContaining(`Permission '${permission}' denied on resource`),
      details: [{ reason: 'IAM_PERMISSION_DENIED', metadata: { permission } }],
    });
    const [event] = iam.decisions.since(0);
    expect(event).toMatchObject({ action, decision: { principal: ann, permission } });
  });

  it('may ask which permissions they have', async () => {
    const { call } = await startIamApis();
    const body = { permissions: ['iam.serviceAccounts.get'] };
    const path = `POST ${project}/${caller}:testIamPermissions`;
    expect((await call(path, { as: ann, body })).body).toEqual({});
    expect((await call(path, { body })).body).toEqual(body);
  });
});

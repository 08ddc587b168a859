import { expect, it } from 'vitest';
import { startIamApis } from '../../../../tests/support/iam-apis-fixture.ts';
import type { TokenHolder } from '../../../tokens/access-tokens.ts';

const roles = '/v1/projects/demo-project/roles';
const name = 'projects/demo-project/roles/watcher';
const watcher = `${roles}/watcher`;
const resource = '//pubsub.googleapis.com/projects/demo-project/topics/events';
const content = {
  title: 'Watcher',
  description: 'Looks',
  includedPermissions: ['pubsub.topics.list', 'pubsub.topics.get'],
  stage: 'GA',
};
const dayMs = 24 * 3_600_000;

/** A custom role that Ann has on the topic. */
async function withRole() {
  const apis = await startIamApis();
  const { body } = await apis.call(`POST ${roles}`, { body: { roleId: 'watcher', role: content } });
  apis.iam.policies.addBinding(resource, name, 'user:ann@example.com');
  const mayLook = () =>
    apis.iam.testPermissions('user:ann@example.com', resource, ['pubsub.topics.get']).length > 0;
  return { ...apis, role: body, mayLook };
}

it('a custom role is created, read, listed, and grants', async () => {
  const { call, role, mayLook } = await withRole();
  const { includedPermissions, ...basic } = {
    ...content,
    name,
    etag: expect.any(String),
    includedPermissions: ['pubsub.topics.get', 'pubsub.topics.list'],
  };
  expect(role).toEqual({ ...basic, includedPermissions });
  expect((await call(`GET ${watcher}`)).body).toEqual(role);
  expect((await call(`GET ${roles}`)).body).toEqual({ roles: [basic] });
  expect((await call(`GET ${roles}?view=FULL`)).body).toEqual({ roles: [role] });
  expect(mayLook()).toBe(true);
});

it.each<[title: string, mask: string, body: object, mayLook: boolean]>([
  ['permissions', 'includedPermissions', { includedPermissions: ['pubsub.topics.publish'] }, false],
  ['the stage', 'stage', { stage: 'DISABLED' }, false],
  ['the title, without a mask', '', { title: 'x' }, true],
  ['only what the mask names', 'title', { title: 'x', includedPermissions: [] }, true],
])('an update changes %s', async (_title, mask, body, expected) => {
  const { call, role, mayLook } = await withRole();
  const answer = await call(`PATCH ${watcher}?updateMask=${mask}`, { body });
  expect(answer.status).toBe(200);
  expect(answer.body.etag).not.toBe(role.etag);
  expect(mayLook()).toBe(expected);
});

it('an update of what has changed since is ABORTED', async () => {
  const { call, role } = await withRole();
  const body = { title: 'x', etag: role.etag };
  expect((await call(`PATCH ${watcher}?updateMask=title`, { body })).status).toBe(200);
  expect(await call(`PATCH ${watcher}?updateMask=title`, { body })).toMatchObject({
    status: 409,
    body: { error: { status: 'ABORTED' } },
  });
});

it('a deleted role grants nothing, its binding stays, and it comes back', async () => {
  const { call, iam, mayLook } = await withRole();
  expect((await call(`DELETE ${watcher}`)).body).toMatchObject({ name, deleted: true });
  expect(mayLook()).toBe(false);
  expect((await call(`GET ${roles}`)).body).toEqual({});
  expect((await call(`GET ${roles}?showDeleted=true`)).body.roles).toHaveLength(1);
  // Somebody else's change of the same policy is not in the way.
  iam.policies.addBinding(resource, 'roles/pubsub.viewer', 'user:bob@example.com');
  expect((await call(`POST ${watcher}:undelete`)).body).not.toHaveProperty('deleted');
  expect(mayLook()).toBe(true);
});

it('a week after its deletion a role is gone, and its name is free a month later', async () => {
  const { call, clock } = await withRole();
  const again = async () =>
    (await call(`POST ${roles}`, { body: { roleId: 'watcher', role: content } })).status;
  await call(`DELETE ${watcher}`);
  clock.advanceBy(7 * dayMs + 1);
  expect((await call(`POST ${watcher}:undelete`)).status).toBe(404);
  expect(await again()).toBe(400);
  clock.advanceBy(30 * dayMs);
  expect(await again()).toBe(200);
});

it('anybody may read the predefined roles', async () => {
  const { call } = await startIamApis();
  const as = 'user:ann@example.com';
  expect((await call('GET /v1/roles/run.invoker', { as })).body).toEqual({
    name: 'roles/run.invoker',
    title: 'Cloud Run Invoker',
    includedPermissions: ['run.jobs.run', 'run.routes.invoke'],
    stage: 'GA',
    etag: 'AA==',
  });
  const page = (await call('GET /v1/roles?pageSize=2', { as })).body;
  expect(page.roles).toHaveLength(2);
  expect(page.roles[0]).not.toHaveProperty('includedPermissions');
  expect(page.nextPageToken).toEqual(expect.any(String));
});

it('tells which roles and permissions a resource takes', async () => {
  const { call } = await withRole();
  const body = { fullResourceName: resource };
  const names = ({ name }: { name: string }) => name;
  const granted = (await call('POST /v1/roles:queryGrantableRoles', { body })).body.roles.map(
    names,
  );
  expect(granted).toEqual(expect.arrayContaining([name, 'roles/pubsub.publisher']));
  expect(granted).not.toContain('roles/run.invoker');
  const tested = (await call('POST /v1/permissions:queryTestablePermissions', { body })).body;
  expect(tested.permissions).toContainEqual({ name: 'pubsub.topics.publish', stage: 'GA' });
});

it('shows the custom roles that can be granted to those only who may list them', async () => {
  const { call } = await withRole();
  const grantable = async (project: string, as?: TokenHolder) => {
    const body = { fullResourceName: `//cloudresourcemanager.googleapis.com/projects/${project}` };
    const answer = await call('POST /v1/roles:queryGrantableRoles', { body, ...(as && { as }) });
    return answer.body.roles.map(({ name }: { name: string }) => name);
  };
  expect(await grantable('demo-project')).toContain(name);
  expect(await grantable('demo-project', 'user:ann@example.com')).not.toContain(name);
  expect(await grantable('other-project')).not.toContain(name);
});

const create = (roleId: string, role: object = {}) => ({ roleId, role });

it.each<[title: string, call: string, body: object | undefined, status: number, message: RegExp]>([
  ['a taken id', `POST ${roles}`, create('watcher'), 409, /A role named watcher in/],
  ['a bad id', `POST ${roles}`, create('a-b'), 400, /3 to 64 letters/],
  [
    'a permission that is not here',
    `POST ${roles}`,
    create('other', { includedPermissions: ['bigquery.tables.get'] }),
    400,
    /^Permission bigquery.tables.get is not valid/,
  ],
  ['a bad stage', `POST ${roles}`, create('other', { stage: 'OLD' }), 400, /role.stage/],
  ['a bad mask', `PATCH ${watcher}?updateMask=name`, {}, 400, /Invalid update mask: name/],
  ['no such role', `GET ${roles}/nothing`, undefined, 404, /roles\/nothing was not found/],
  ['no such predefined role', 'GET /v1/roles/x', undefined, 404, /roles\/x was not found/],
  ['nothing to undelete', `POST ${watcher}:undelete`, undefined, 400, /is not deleted/],
  ['a bad view', `GET ${roles}?view=x`, undefined, 400, /Use BASIC or FULL/],
  [
    'a short resource name',
    'POST /v1/roles:queryGrantableRoles',
    { fullResourceName: 'projects/x' },
    400,
    /full resource name/,
  ],
])('refuses %s', async (_title, path, body, status, message) => {
  const { call } = await withRole();
  const answer = await call(path, { body });
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toMatch(message);
});

it.each([
  [`POST ${roles}`, 'create'],
  [`GET ${roles}`, 'list'],
  [`GET ${watcher}`, 'get'],
  [`PATCH ${watcher}`, 'update'],
  [`DELETE ${watcher}`, 'delete'],
  [`POST ${watcher}:undelete`, 'undelete'],
])('%s is refused without a role', async (path, verb) => {
  const { call } = await startIamApis();
  const { status, body } = await call(path, { as: 'user:ann@example.com' });
  expect([status, body.error.details[0].metadata.permission]).toEqual([403, `iam.roles.${verb}`]);
});

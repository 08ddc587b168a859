import { describe, expect, it } from 'vitest';
import { startAdminApis } from '../../tests/support/admin-apis-fixture.ts';

const host = 'cloudresourcemanager.googleapis.com';
const resource = `//${host}/projects/demo-project`;
const nobody = 'user:nobody@example.com';
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const inV1 = {
  projectNumber: '123456789012',
  projectId: 'demo-project',
  lifecycleState: 'ACTIVE',
  name: 'demo-project',
  createTime: time,
};
const inV3 = {
  name: 'projects/123456789012',
  projectId: 'demo-project',
  state: 'ACTIVE',
  displayName: 'demo-project',
  createTime: time,
  updateTime: time,
  etag: expect.any(String),
};

it.each([
  ['v1/projects/demo-project?alt=json', inV1],
  ['v1/projects/123456789012', inV1],
  ['v3/projects/demo-project', inV3],
  ['v3/projects/123456789012', inV3],
  ['v1/projects?filter=lifecycleState%3AACTIVE&pageSize=500', { projects: [inV1] }],
  ['v1/projects', { projects: [inV1] }],
  ['v1/projects?filter=lifecycleState%3AACTIVE+AND+(id%3Ademo-*)', { projects: [inV1] }],
  ['v1/projects?filter=projectId%3D%22demo-project%22', { projects: [inV1] }],
  ['v1/projects?filter=projectNumber:123456789012', { projects: [inV1] }],
  ['v1/projects?filter=demo-project', { projects: [inV1] }],
  ['v1/projects?filter=id:demo', {}],
  ['v1/projects?filter=labels:demo-project', {}],
  ['v1/projects?filter=lifecycleState:DELETE_REQUESTED', {}],
  ['v3/projects:search?query=state:ACTIVE', { projects: [inV3] }],
  ['v3/projects:search?query=displayName:other', {}],
])('GET %s', async (path, expected) => {
  const { call } = await startAdminApis();
  expect(await call('GET', `${host}/${path}`)).toEqual({ status: 200, body: expected });
});

it('the project has no parent', async () => {
  const { call } = await startAdminApis();
  const { body } = await call('POST', `${host}/v1/projects/demo-project:getAncestry`);
  expect(body).toEqual({ ancestor: [{ resourceId: { type: 'project', id: 'demo-project' } }] });
});

it.each(['v1/projects', 'v3/projects:search'])('%s shows nothing to strangers', async (path) => {
  const { call } = await startAdminApis();
  expect(await call('GET', `${host}/${path}`, { as: nobody })).toEqual({ status: 200, body: {} });
});

it.each([
  ['GET', 'v1/projects/other-project', 'user:developer@example.com'],
  ['GET', 'v3/projects/210987654321', 'user:developer@example.com'],
  ['GET', 'v1/projects/demo-project', nobody],
  ['POST', 'v1/projects/demo-project:getAncestry', nobody],
  ['POST', 'v1/projects/demo-project:getIamPolicy', nobody],
  ['POST', 'v3/projects/demo-project:getIamPolicy', nobody],
  ['POST', 'v1/projects/demo-project:setIamPolicy', nobody],
  ['POST', 'v3/projects/123456789012:setIamPolicy', nobody],
  ['POST', 'v1/projects/other-project:setIamPolicy', 'user:developer@example.com'],
] as const)('%s %s as %s: nobody learns whether it exists', async (method, path, as) => {
  const { call, iam } = await startAdminApis();
  const before = iam.policies.get(resource);
  const answer = await call(method, `${host}/${path}`, { as });
  expect(answer).toMatchObject({
    status: 403,
    body: {
      error: { status: 'PERMISSION_DENIED', message: 'The caller does not have permission' },
    },
  });
  expect(iam.policies.get(resource)).toEqual(before);
});

it.each([
  ['GET', 'v1/projects?filter=id:a+OR+id:b', 501, 'OR'],
  ['GET', 'v1/projects?filter=id%3C5', 501, 'id<5'],
  ['DELETE', 'v1/projects/demo-project', 501, 'DELETE'],
  ['POST', 'v3/projects', 501, 'v3/projects'],
])('%s %s is refused with %i', async (method, path, status, message) => {
  const { call } = await startAdminApis();
  expect(await call(method, `${host}/${path}`)).toMatchObject({
    status,
    body: { error: { message: expect.stringContaining(message) } },
  });
});

describe.each(['v1', 'v3'])('the policy of the project, %s', (version) => {
  const project = `${host}/${version}/projects/demo-project`;
  const binding = { role: 'roles/run.viewer', members: ['user:ann@example.com'] };

  it('is read and written as gcloud does it', async () => {
    const { call, iam } = await startAdminApis();
    const body = { options: { requestedPolicyVersion: 3 } };
    const read = (await call('POST', `${project}:getIamPolicy?alt=json`, { body })).body;
    expect(read.bindings).toContainEqual({
      role: 'roles/viewer',
      members: ['user:developer@example.com'],
    });
    const policy = { ...read, bindings: [...read.bindings, binding], version: 3 };
    const byNumber = project.replace('demo-project', '123456789012');
    const written = await call('POST', `${byNumber}:setIamPolicy`, { body: { policy } });
    expect(written.status).toBe(200);
    expect(written.body.bindings).toEqual(policy.bindings);
    expect(iam.policies.get(resource).bindings).toEqual(policy.bindings);
  });

  it('is not overwritten with a stale etag', async () => {
    const { call, iam } = await startAdminApis();
    const policy = iam.policies.get(resource);
    iam.policies.addBinding(resource, binding.role, 'user:bob@example.com');
    const answer = await call('POST', `${project}:setIamPolicy`, { body: { policy } });
    expect(answer).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
    expect(iam.policies.get(resource).bindings).toContainEqual({
      ...binding,
      members: ['user:bob@example.com'],
    });
  });

  it('refuses members who are everybody', async () => {
    const { call } = await startAdminApis();
    const body = { policy: { bindings: [{ ...binding, members: ['allUsers'] }] } };
    const answer = await call('POST', `${project}:setIamPolicy`, { body });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { status: 'INVALID_ARGUMENT', message: expect.stringContaining('allUsers') } },
    });
  });

  it('counts for what is in the project, at once', async () => {
    const { call } = await startAdminApis();
    const list = 'run.googleapis.com/v1/projects/demo-project/locations/-/services';
    const as = 'user:ann@example.com';
    expect((await call('GET', list, { as })).status).toBe(403);
    await call('POST', `${project}:setIamPolicy`, { body: { policy: { bindings: [binding] } } });
    expect((await call('GET', list, { as })).status).toBe(200);
  });

  it('tells which permissions the caller has', async () => {
    const { call } = await startAdminApis();
    const body = { permissions: ['resourcemanager.projects.get', 'run.routes.invoke'] };
    const url = `${project}:testIamPermissions`;
    expect((await call('POST', url, { body })).body).toEqual({
      permissions: ['resourcemanager.projects.get'],
    });
    expect((await call('POST', url, { body, as: nobody })).body).toEqual({});
  });
});

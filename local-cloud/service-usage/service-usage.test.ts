import { expect, it } from 'vitest';
import { developer, startAdminApis } from '../../tests/support/admin-apis-fixture.ts';

const services = 'serviceusage.googleapis.com/v1/projects/demo-project/services';
const run = {
  name: 'projects/123456789012/services/run.googleapis.com',
  config: { name: 'run.googleapis.com', title: 'Cloud Run Admin API' },
  state: 'ENABLED',
  parent: 'projects/123456789012',
};
const compute = {
  name: 'projects/123456789012/services/compute.googleapis.com',
  config: { name: 'compute.googleapis.com' },
  state: 'DISABLED',
  parent: 'projects/123456789012',
};
const played = [
  'artifactregistry.googleapis.com',
  'cloudbuild.googleapis.com',
  'cloudresourcemanager.googleapis.com',
  'iam.googleapis.com',
  'iamcredentials.googleapis.com',
  'oauth2.googleapis.com',
  'pubsub.googleapis.com',
  'run.googleapis.com',
  'serviceusage.googleapis.com',
  'storage.googleapis.com',
];

it.each([
  [`${services}/run.googleapis.com?alt=json`, run],
  ['serviceusage.googleapis.com/v1/projects/123456789012/services/run.googleapis.com', run],
  [`${services}/compute.googleapis.com`, compute],
  [
    `${services}:batchGet?names=projects/demo-project/services/run.googleapis.com&names=projects/demo-project/services/compute.googleapis.com`,
    { services: [run, compute] },
  ],
])('GET %s', async (url, expected) => {
  const { call } = await startAdminApis();
  expect(await call('GET', url)).toEqual({ status: 200, body: expected });
});

it.each([
  ['', played],
  ['?filter=state%3AENABLED&pageSize=200', played],
  ['?filter=state%3ADISABLED', []],
])('lists with %s what is enabled', async (query, names) => {
  const { call } = await startAdminApis();
  const { body } = await call('GET', services + query);
  const items: { config: { name: string } }[] = body.services ?? [];
  expect(items.map(({ config }) => config.name)).toEqual(names);
  expect(body).not.toHaveProperty('nextPageToken');
});

it('lists page by page', async () => {
  const { call } = await startAdminApis();
  const first = await call('GET', `${services}?pageSize=9`);
  const second = await call('GET', `${services}?pageToken=${first.body.nextPageToken}`);
  expect(first.body.services).toHaveLength(9);
  expect(second.body.services).toMatchObject([{ config: { name: 'storage.googleapis.com' } }]);
});

it('enabling what is enabled is done at once', async () => {
  const { call } = await startAdminApis();
  const one = await call('POST', `${services}/run.googleapis.com:enable`);
  const many = await call('POST', `${services}:batchEnable`, {
    body: { serviceIds: ['run.googleapis.com', 'pubsub.googleapis.com'] },
  });
  const type = 'type.googleapis.com/google.api.serviceusage.v1';
  expect(one.body).toEqual({
    name: 'operations/noop.DONE_OPERATION',
    done: true,
    response: { '@type': `${type}.EnableServiceResponse`, service: run },
  });
  expect(many.body).toMatchObject({
    done: true,
    response: { '@type': `${type}.BatchEnableServicesResponse`, services: [run, {}] },
  });
});

it.each<[method: string, path: string, body: object, status: number, message: string]>([
  ['POST', '/compute.googleapis.com:enable', {}, 400, 'cannot enable compute.googleapis.com'],
  [
    'POST',
    ':batchEnable',
    { serviceIds: ['run.googleapis.com', 'compute.googleapis.com'] },
    400,
    'cannot enable compute.googleapis.com',
  ],
  ['POST', ':batchEnable', {}, 400, 'serviceIds'],
  ['POST', '/x:enable', {}, 403, 'Not found or permission denied for service(s): x.'],
  ['GET', '/x', {}, 403, 'Not found or permission denied for service(s): x.'],
  ['GET', '?filter=name:x', {}, 400, 'name:x'],
  ['GET', '?pageToken=x', {}, 400, 'page_token'],
  ['GET', ':batchGet', {}, 400, 'names'],
])('%s %s %j is refused with %i', async (method, path, body, status, message) => {
  const { call } = await startAdminApis();
  const answer = await call(method, services + path, method === 'POST' ? { body } : {});
  expect(answer).toMatchObject({
    status,
    body: { error: { message: expect.stringContaining(message) } },
  });
});

it.each<[method: string, path: string, permission: string, words: string]>([
  [
    'GET',
    '/run.googleapis.com',
    'serviceusage.services.get',
    'Permission denied to get service [run.googleapis.com]',
  ],
  [
    'GET',
    ':batchGet?names=projects/p/services/run.googleapis.com',
    'serviceusage.services.get',
    'Permission denied to get service [run.googleapis.com]',
  ],
  [
    'GET',
    '',
    'serviceusage.services.list',
    'Permission denied to list services for consumer container [projects/demo-project]',
  ],
  [
    'POST',
    '/run.googleapis.com:enable',
    'serviceusage.services.enable',
    'Permission denied to enable service [run.googleapis.com]',
  ],
  [
    'POST',
    ':batchEnable',
    'serviceusage.services.enable',
    'Permission denied to enable service [run.googleapis.com]',
  ],
])('%s %s needs %s', async (method, path, permission, message) => {
  const { call, iam } = await startAdminApis();
  const as = 'user:nobody@example.com';
  const body = { serviceIds: ['run.googleapis.com'] };
  const answer = await call(method, services + path, {
    as,
    ...(path === ':batchEnable' && { body }),
  });
  expect(answer).toMatchObject({
    status: 403,
    body: {
      error: { status: 'PERMISSION_DENIED', message, details: [{ metadata: { permission } }] },
    },
  });
  expect(iam.decisions.since(0)).toMatchObject([{ decision: { permission, allowed: false } }]);
});

it('another project’s services are nobody’s business', async () => {
  const { call } = await startAdminApis();
  const url = services.replace('demo-project', 'other-project');
  const answer = await call('GET', `${url}/run.googleapis.com`, { as: developer });
  expect(answer.status).toBe(403);
});

import { expect, it } from 'vitest';
import { loadTopology } from '../../../deploy/topology.ts';
import { startAdminApis } from '../../../tests/support/admin-apis-fixture.ts';
import { revisionName } from '../revision-name.ts';

const urls = [
  'https://receiver-123456789012.europe-west1.run.app',
  expect.stringMatching(/^https:\/\/receiver-[a-z]{10}-ew\.a\.run\.app$/),
];
const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const image = 'europe-west1-docker.pkg.dev/demo-project/services/receiver';
const account = 'receiver@demo-project.iam.gserviceaccount.com';
const revision = revisionName('receiver', 1);
const regional = 'europe-west1-run.googleapis.com/apis/serving.knative.dev/v1/namespaces';
const v1 = 'run.googleapis.com/v1/projects/demo-project/locations';
const v2 = 'run.googleapis.com/v2/projects/demo-project/locations';

const inKnativeShape = {
  apiVersion: 'serving.knative.dev/v1',
  kind: 'Service',
  metadata: {
    name: 'receiver',
    namespace: '123456789012',
    selfLink: '/apis/serving.knative.dev/v1/namespaces/123456789012/services/receiver',
    generation: 1,
    creationTimestamp: since,
    labels: { 'cloud.googleapis.com/location': 'europe-west1' },
    annotations: {
      'serving.knative.dev/creator': 'developer@example.com',
      'run.googleapis.com/ingress': 'all',
      'run.googleapis.com/ingress-status': 'all',
    },
  },
  spec: {
    template: {
      spec: {
        serviceAccountName: account,
        containers: [
          {
            image,
            env: expect.arrayContaining([
              { name: 'TOPIC', value: 'projects/demo-project/topics/events' },
            ]),
          },
        ],
      },
    },
    traffic: [{ latestRevision: true, percent: 100 }],
  },
  status: {
    observedGeneration: 1,
    conditions: ['Ready', 'ConfigurationsReady', 'RoutesReady'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: since,
    })),
    latestReadyRevisionName: revision,
    latestCreatedRevisionName: revision,
    traffic: [{ revisionName: revision, percent: 100, latestRevision: true }],
    url: urls[1],
    address: { url: urls[1] },
  },
};

it.each([
  [`${regional}/demo-project/services/receiver?alt=json`],
  [`${regional}/123456789012/services/receiver`],
  [`${v1}/europe-west1/services/receiver`],
  ['run.googleapis.com/v1/projects/123456789012/locations/europe-west1/services/receiver'],
])('GET %s is the service in Knative’s shape', async (url) => {
  const { call } = await startAdminApis();
  const { status, body } = await call('GET', url);
  expect(status).toBe(200);
  expect(body).toMatchObject(inKnativeShape);
  expect(JSON.parse(body.metadata.annotations['run.googleapis.com/urls'])).toEqual(urls);
});

it('version 2 has its own shape', async () => {
  const { call } = await startAdminApis();
  const { status, body } = await call('GET', `${v2}/europe-west1/services/receiver`);
  const name = 'projects/demo-project/locations/europe-west1/services/receiver';
  expect(status).toBe(200);
  expect(body).toMatchObject({
    name,
    uid: expect.stringMatching(/^[\da-f-]{36}$/),
    generation: '1',
    observedGeneration: '1',
    createTime: since,
    updateTime: since,
    ingress: 'INGRESS_TRAFFIC_ALL',
    template: { serviceAccount: account, containers: [{ image }], timeout: '60s' },
    traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
    latestReadyRevision: `${name}/revisions/${revision}`,
    urls,
    uri: urls[1],
    reconciling: false,
    etag: expect.stringMatching(/^".+"$/),
  });
});

it('custom audiences are told in both versions', async () => {
  const topology = structuredClone(loadTopology());
  const audiences = ['https://api.example.com'];
  Object.assign(topology.services.receiver ?? {}, { customAudiences: audiences });
  const { call } = await startAdminApis(topology);
  const knative = await call('GET', `${regional}/demo-project/services/receiver`);
  const second = await call('GET', `${v2}/europe-west1/services/receiver`);
  expect(second.body.customAudiences).toEqual(audiences);
  expect(knative.body.metadata.annotations['run.googleapis.com/custom-audiences']).toBe(
    JSON.stringify(audiences),
  );
});

it.each<[url: string, names: string[]]>([
  [`${v1}/-/services?alt=json`, ['caller', 'receiver']],
  [`${v1}/europe-west1/services`, ['caller', 'receiver']],
  [`${v1}/us-east1/services`, []],
  [`${regional}/demo-project/services`, ['caller', 'receiver']],
  ['us-east1-run.googleapis.com/apis/serving.knative.dev/v1/namespaces/demo-project/services', []],
  [`${regional}/demo-project/revisions`, [revisionName('caller', 1), revision]],
  [
    `${regional}/123456789012/revisions?labelSelector=serving.knative.dev%2Fservice+%3D+receiver`,
    [revision],
  ],
  [`${regional}/123456789012/revisions?labelSelector=client.knative.dev%2Fnonce+%3D+abc`, []],
  [`${v1}/europe-west1/revisions?limit=1`, [revisionName('caller', 1)]],
])('GET %s lists %j', async (url, names) => {
  const { call } = await startAdminApis();
  const { status, body } = await call('GET', url);
  expect(status).toBe(200);
  expect(body).toMatchObject({ apiVersion: 'serving.knative.dev/v1' });
  const items: { metadata: { name: string } }[] = body.items ?? [];
  expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
});

it('lists go on where the page before ended, in the words of each version', async () => {
  const { call } = await startAdminApis();
  const first = await call('GET', `${v1}/-/services?limit=1`);
  const second = await call(
    'GET',
    `${v1}/-/services?limit=1&continue=${first.body.metadata.continue}`,
  );
  expect(second.body).toMatchObject({ metadata: {}, items: [{ metadata: { name: 'receiver' } }] });
  expect(second.body.metadata).toEqual({});

  const page = await call('GET', `${v2}/europe-west1/services?pageSize=1`);
  const rest = await call(
    'GET',
    `${v2}/europe-west1/services?pageToken=${page.body.nextPageToken}`,
  );
  expect(page.body.services).toHaveLength(1);
  expect(rest.body.services).toMatchObject([{ uri: urls[1] }]);
  expect(rest.body).not.toHaveProperty('nextPageToken');
});

it('a revision is the one that its container is told of', async () => {
  const { call } = await startAdminApis();
  const { body } = await call('GET', `${regional}/demo-project/revisions/${revision}`);
  expect(body).toMatchObject({
    kind: 'Revision',
    metadata: {
      name: revision,
      labels: {
        'serving.knative.dev/service': 'receiver',
        'serving.knative.dev/configurationGeneration': '1',
      },
    },
    spec: { serviceAccountName: account, containers: [{ image }] },
    status: { conditions: expect.arrayContaining([expect.objectContaining({ type: 'Active' })]) },
  });
});

it('the only region is the local cloud’s', async () => {
  const { call } = await startAdminApis();
  const { body } = await call('GET', v1);
  expect(body.locations).toMatchObject([{ locationId: 'europe-west1' }]);
});

it.each([
  [
    `${regional}/demo-project/services/x`,
    404,
    "Resource 'x' of kind 'SERVICE' in region 'europe-west1' in project 'demo-project' does not exist",
  ],
  [
    `${regional}/demo-project/revisions/x-00001-abc`,
    404,
    "Resource 'x-00001-abc' of kind 'REVISION' in region 'europe-west1' in project 'demo-project' does not exist",
  ],
  [`${v1}/us-east1/services/receiver`, 404, "in region 'us-east1'"],
  [`${v2}/europe-west1/services/x`, 404, "Resource 'x' of kind 'SERVICE'"],
  [`${v2}/-/services`, 400, 'one location'],
  [`${v2}/europe-west1/services?pageSize=many`, 400, 'pageSize'],
  [`${v1}/-/services?fieldSelector=a`, 501, 'fieldSelector'],
  [`${v1}/-/services?labelSelector=a+in+(b)`, 501, 'a in (b)'],
  [`${v1}/-/services?labelSelector=a!%3Db`, 501, 'a!=b'],
  [`${v1}/-/services?labelSelector=a%3Db%3Dc`, 501, 'a=b=c'],
  [`${v1}/-/services?labelSelector=a%3Db+c`, 501, 'a=b c'],
  [
    'run.googleapis.com/apis/serving.knative.dev/v1/namespaces/demo-project/services',
    400,
    'REGION-run.googleapis.com',
  ],
  [
    `${regional}/other-project/services/receiver`,
    403,
    "Permission 'run.services.get' denied on resource 'projects/other-project/locations/europe-west1/services/receiver' (or resource may not exist).",
  ],
])('GET %s is refused with %i: %s', async (url, status, message) => {
  const { call } = await startAdminApis();
  const answer = await call('GET', url);
  expect(answer).toMatchObject({
    status,
    body: { error: { code: status, message: expect.stringContaining(message) } },
  });
});

it.each([
  ['POST', `${v1}/europe-west1/jobs`],
  ['POST', `${regional}/demo-project/domainmappings`],
  ['PATCH', `${regional}/demo-project/services/receiver`],
])('%s %s is not implemented, and says so', async (method, url) => {
  const { call } = await startAdminApis();
  const answer = await call(method, url, { body: {} });
  expect(answer.status).toBe(501);
  expect(answer.body.error).toEqual({
    code: 501,
    status: 'UNIMPLEMENTED',
    message: `${method} ${url} is not implemented in the local cloud.`,
  });
});

it.each([
  [`${v1}/-/services`, 'run.services.list'],
  [`${v1}/europe-west1/services/receiver`, 'run.services.get'],
  [`${v2}/europe-west1/services/receiver`, 'run.services.get'],
  [`${v2}/europe-west1/services`, 'run.services.list'],
  [`${regional}/demo-project/revisions`, 'run.revisions.list'],
  [`${regional}/demo-project/revisions/${revision}`, 'run.revisions.get'],
  [v1, 'run.locations.list'],
])('GET %s needs %s', async (url, permission) => {
  const { call, iam } = await startAdminApis();
  const as = 'user:nobody@example.com';
  const answer = await call('GET', url, { as });
  expect(answer).toMatchObject({ status: 403, body: { error: { status: 'PERMISSION_DENIED' } } });
  expect(answer.body.error.message).toContain(`Permission '${permission}' denied`);
  expect(iam.decisions.since(0)).toMatchObject([
    { decision: { principal: as, permission, allowed: false } },
  ]);
});

it('a role on one service shows that service only', async () => {
  const { call, iam } = await startAdminApis();
  const as = 'user:ann@example.com';
  const resource =
    '//run.googleapis.com/projects/demo-project/locations/europe-west1/services/receiver';
  iam.policies.addBinding(resource, 'roles/run.viewer', as);
  const status = async (path: string) => (await call('GET', `${regional}/${path}`, { as })).status;
  expect(await status('demo-project/services/receiver')).toBe(200);
  expect(await status(`123456789012/revisions/${revision}`)).toBe(200);
  expect(await status('demo-project/services/caller')).toBe(403);
  expect(await status('demo-project/services')).toBe(403);
});

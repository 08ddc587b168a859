import { expect, it } from 'vitest';
import { developer, startAdminApis } from '../../../tests/support/admin-apis-fixture.ts';
import { projectResource } from '../../iam/resource-names.ts';
import { StartupError } from '../supervisor.ts';

const parent = 'run.googleapis.com/v2/projects/demo-project/locations/europe-west1';
const services = `${parent}/services`;
const image = 'europe-west1-docker.pkg.dev/demo-project/services/receiver';
const serviceAccount = 'receiver@demo-project.iam.gserviceaccount.com';
/** As Terraform sends it. */
const wanted = {
  ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  labels: { team: 'a' },
  customAudiences: ['https://api.example.com'],
  template: {
    serviceAccount,
    timeout: '60s',
    maxInstanceRequestConcurrency: 40,
    scaling: { minInstanceCount: 1, maxInstanceCount: 3 },
    executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
    containers: [
      {
        image,
        env: [{ name: 'A', value: 'b' }],
        ports: [{ name: 'http1', containerPort: 9000 }],
        resources: {
          limits: { cpu: '2', memory: '1Gi' },
          cpuIdle: false,
          startupCpuBoost: true,
        },
        startupProbe: {
          initialDelaySeconds: 1,
          timeoutSeconds: 2,
          periodSeconds: 3,
          failureThreshold: 4,
          httpGet: { path: '/health/ready', port: 9000 },
        },
        livenessProbe: {
          timeoutSeconds: 1,
          periodSeconds: 10,
          failureThreshold: 3,
          httpGet: { path: '/health/live', port: 9000 },
        },
      },
    ],
  },
  traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
};

async function startForDeployments() {
  const apis = await startAdminApis();
  for (const role of ['roles/run.admin', 'roles/iam.serviceAccountUser']) {
    apis.iam.policies.addBinding(projectResource('demo-project'), role, developer);
  }
  const wait = async (operation: { name: string }) =>
    (await apis.call('POST', `run.googleapis.com/v2/${operation.name}:wait`, { body: {} })).body;
  return { ...apis, wait };
}

it('what is deployed is shown as it was said', async () => {
  const { call, wait } = await startForDeployments();
  const created = await call('POST', `${services}?serviceId=fresh`, { body: wanted });
  expect(await wait(created.body)).toMatchObject({ done: true, response: { generation: '1' } });
  const { body } = await call('GET', `${services}/fresh`);
  expect(body).toMatchObject(wanted);
  const { body: knative } = await call(
    'GET',
    'europe-west1-run.googleapis.com/apis/serving.knative.dev/v1/namespaces/demo-project/services/fresh',
  );
  expect(knative.metadata.annotations).toMatchObject({
    'run.googleapis.com/ingress': 'internal',
    'run.googleapis.com/custom-audiences': '["https://api.example.com"]',
  });
  expect(knative.spec.template.metadata.annotations).toEqual({
    'autoscaling.knative.dev/minScale': '1',
    'autoscaling.knative.dev/maxScale': '3',
    'run.googleapis.com/startup-cpu-boost': 'true',
    'run.googleapis.com/cpu-throttling': 'false',
    'run.googleapis.com/execution-environment': 'gen2',
  });
});

it('the same again makes no new revision, and with a mask only its fields change', async () => {
  const { call, wait } = await startForDeployments();
  await wait((await call('POST', `${services}?serviceId=fresh`, { body: wanted })).body);
  await wait((await call('PATCH', `${services}/fresh`, { body: wanted })).body);
  expect((await call('GET', `${services}/fresh`)).body.generation).toBe('1');

  const mask = `${services}/fresh?updateMask=template.timeout,ingress`;
  await wait((await call('PATCH', mask, { body: { template: { timeout: '70s' } } })).body);
  const { body } = await call('GET', `${services}/fresh`);
  expect(body).toMatchObject({
    generation: '2',
    ingress: 'INGRESS_TRAFFIC_ALL',
    template: { ...wanted.template, timeout: '70s' },
  });
  const revisions = await call('GET', `${services}/fresh/revisions`);
  expect(revisions.body.revisions).toMatchObject([{ timeout: '60s' }, { timeout: '70s' }]);
});

it('a check changes nothing, and a service that is missing is made if that is allowed', async () => {
  const { call, registry, wait } = await startForDeployments();
  const checked = `${services}?serviceId=fresh&validateOnly=true`;
  expect((await call('POST', checked, { body: wanted })).body).toMatchObject({ done: true });
  expect(registry.list()).toHaveLength(2);
  expect((await call('PATCH', `${services}/fresh`, { body: wanted })).status).toBe(404);
  const made = await call('PATCH', `${services}/fresh?allowMissing=true`, { body: wanted });
  expect(await wait(made.body)).toMatchObject({ done: true, response: { reconciling: false } });
});

it('the operation of a revision that fails ends with Google’s sentence', async () => {
  const { call, instances, wait } = await startForDeployments();
  instances.onStart = () => Promise.reject(new StartupError('it ended'));
  const created = await call('POST', `${services}?serviceId=fresh`, { body: wanted });
  expect(await wait(created.body)).toMatchObject({
    done: true,
    error: {
      code: 9,
      message: expect.stringMatching(
        /^Revision 'fresh-00001-[a-z]{3}' is not ready and cannot serve traffic\. The user-provided container failed the configured startup probe checks\./,
      ),
    },
  });
  const { body } = await call('GET', `${services}/fresh`);
  expect(body.terminalCondition).toMatchObject({ type: 'Ready', state: 'CONDITION_FAILED' });
});

it('operations are listed and forgotten', async () => {
  const { call, wait } = await startForDeployments();
  const created = await call('POST', `${services}?serviceId=fresh`, { body: wanted });
  await wait(created.body);
  const { name } = created.body;
  const list = await call('GET', `${parent}/operations`);
  expect(list.body.operations).toMatchObject([{ name, done: true }]);
  expect((await call('DELETE', `run.googleapis.com/v2/${name}`)).body).toEqual({});
  expect((await call('GET', `run.googleapis.com/v2/${name}`)).status).toBe(404);
});

it.each<[title: string, changes: object, message: string]>([
  ['an unknown field', { colour: 'red' }, 'Unknown name "colour": Cannot find field.'],
  [
    'an unknown field of a container',
    { template: { containers: [{ image, colour: 'red' }] } },
    `Unknown name "colour" at 'template.containers.0'`,
  ],
  ['no container', { template: {} }, 'containers: must not be empty'],
  ['a timeout without a unit', { template: { timeout: '60' } }, 'whole seconds'],
  ['VPC access', { template: { vpcAccess: { connector: 'c' } } }, 'does not run VPC access'],
  [
    'secrets',
    {
      template: {
        containers: [{ image, env: [{ name: 'A', valueSource: { secretKeyRef: {} } }] }],
      },
    },
    'does not run secrets',
  ],
])('%s is refused', async (_title, changes, message) => {
  const { call, registry } = await startForDeployments();
  const body = { ...wanted, ...changes };
  const answer = await call('POST', `${services}?serviceId=fresh`, { body });
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain(message);
  expect(registry.list()).toHaveLength(2);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postMessage } from '../support/cloud.ts';
import {
  gone,
  imageOf,
  knativeBody,
  type PreparedCloud,
  serviceNamed,
  startPreparedCloud,
} from '../support/deployed-by-rest.ts';

const receiver = serviceNamed('receiver');
const v2 = 'run.googleapis.com/v2/projects/demo-project/locations/europe-west1';

let prepared: PreparedCloud;
beforeAll(async () => {
  prepared = await startPreparedCloud();
});
afterAll(() => prepared.stop());

/** Replaces the receiver; what it is after that. */
async function replaceReceiver(changes: Parameters<typeof knativeBody>[1]) {
  const { google, regional, settled } = prepared;
  await google.ok('PUT', `${regional}/services/receiver`, knativeBody(receiver, changes));
  return await settled('receiver');
}

// Each goes on where the one before ended, as a deployment's life does.
describe('a pair that is deployed into an empty project', () => {
  it('is not there before', async () => {
    expect((await postMessage(prepared.cloud)).status).toBe(404);
    expect(prepared.cloud.services.pidOf('caller')).toBeUndefined();
  });

  it('is started, and carries a message with the right identities', async () => {
    await prepared.deploy();
    const { status, body } = await postMessage(prepared.cloud);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      calledBy: 'caller@demo-project.iam.gserviceaccount.com',
      publishedBy: 'receiver@demo-project.iam.gserviceaccount.com',
    });
  });

  it('is replaced under load without a refused request', async () => {
    const { cloud } = prepared;
    const oldPid = cloud.services.pidOf('receiver');
    let isOver = false;
    const statuses: number[] = [];
    const client = async () => {
      while (!isOver) statuses.push((await postMessage(cloud)).status);
    };
    const clients = Array.from({ length: 4 }, client);
    const { status } = await replaceReceiver({ nonce: 'second' });
    await gone(oldPid);
    isOver = true;
    await Promise.all(clients);

    expect(status.latestReadyRevisionName).toMatch(/^receiver-00002-/);
    expect(status.traffic).toEqual([
      { revisionName: status.latestReadyRevisionName, percent: 100, latestRevision: true },
    ]);
    expect(statuses.length).toBeGreaterThan(10);
    expect(statuses.filter((one) => one !== 201)).toEqual([]);
    // Not even one that the caller has tried again.
    expect(cloud.notices.filter((notice) => /^receiver (?:is not|closed)/.test(notice))).toEqual(
      [],
    );
    expect(cloud.services.pidOf('receiver')).not.toBe(oldPid);
  });

  it.each<[what: string, changes: Parameters<typeof knativeBody>[1], message: string]>([
    [
      'a container that ends at once',
      { env: { TOPIC: '' }, nonce: 'third' },
      'The user-provided container failed the configured startup probe checks.',
    ],
    [
      'an image that nobody has built',
      { image: imageOf('receiver', 'v2'), nonce: 'fourth' },
      `Image '${imageOf('receiver', 'v2')}' not found.`,
    ],
  ])('goes on as it was beside %s', async (_what, changes, message) => {
    const { cloud } = prepared;
    const pid = cloud.services.pidOf('receiver');
    const { status } = await replaceReceiver(changes);
    const { latestCreatedRevisionName: failed, conditions } = status;
    expect(conditions).toMatchObject([
      { type: 'Ready', status: 'False' },
      { type: 'ConfigurationsReady', status: 'False' },
      { type: 'RoutesReady', status: 'True' },
    ]);
    expect(conditions[0].message).toContain(
      `Revision '${failed}' is not ready and cannot serve traffic. ${message}`,
    );
    expect(status.latestReadyRevisionName).toMatch(/^receiver-00002-/);
    expect((await postMessage(cloud)).status).toBe(201);
    expect(cloud.services.pidOf('receiver')).toBe(pid);
    expect(cloud.notices).toContainEqual(expect.stringMatching(`^${failed} failed: `));
  });

  it('goes back to a revision of before, which is started again', async () => {
    const { google, regional, cloud, settled } = prepared;
    await replaceReceiver({ nonce: 'fifth' });
    const { items } = await google.ok('GET', `${regional}/revisions`);
    const first = items
      .map(({ metadata }: { metadata: { name: string } }) => metadata.name)
      .find((name: string) => name.startsWith('receiver-00001-'));
    const service = await google.ok('GET', `${regional}/services/receiver`);
    service.spec.traffic = [{ revisionName: first, percent: 100 }];
    await google.ok('PUT', `${regional}/services/receiver`, service);
    const { status } = await settled('receiver');
    expect(status.traffic).toEqual([{ revisionName: first, percent: 100 }]);
    expect(status.conditions[0].status).toBe('True');
    expect((await postMessage(cloud)).status).toBe(201);
  });

  it('goes with all its processes when it is deleted', async () => {
    const { google, regional, cloud } = prepared;
    const pids = ['caller', 'receiver'].map((name) => cloud.services.pidOf(name));
    for (const name of ['caller', 'receiver']) {
      await google.ok('DELETE', `${regional}/services/${name}`);
    }
    expect((await postMessage(cloud)).status).toBe(404);
    await Promise.all(pids.map(gone));
    expect(await google.ok('GET', `${regional}/services`)).not.toHaveProperty('items');
    const resources = cloud.iam.policies.resources();
    expect(resources.filter((resource) => resource.startsWith('//run.'))).toEqual([]);
  });
});

it('version 2 deploys with operations, which end with the revision', async () => {
  const { google, cloud } = prepared;
  const { serviceAccount, environment } = serviceNamed('caller');
  const body = {
    ingress: 'INGRESS_TRAFFIC_ALL',
    template: {
      serviceAccount,
      containers: [
        {
          image: imageOf('caller'),
          env: Object.entries(environment).map(([name, value]) => ({ name, value })),
          startupProbe: { httpGet: { path: '/health/ready' } },
          resources: { startupCpuBoost: true },
        },
      ],
    },
  };
  const started = await google.ok('POST', `${v2}/services?serviceId=second`, body);
  expect(started).toMatchObject({ done: false, metadata: { reconciling: true } });
  const created = await google.ok('POST', `run.googleapis.com/v2/${started.name}:wait`, {});
  expect(created).toMatchObject({
    done: true,
    response: {
      '@type': 'type.googleapis.com/google.cloud.run.v2.Service',
      reconciling: false,
      terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
    },
  });
  const pid = cloud.services.pidOf('second');
  expect(pid).toBeDefined();

  const path = `${v2}/services/second`;
  const broken = structuredClone(body);
  for (const container of broken.template.containers) container.env = [];
  const changed = await google.ok('PATCH', path, broken);
  const failed = await google.ok('POST', `run.googleapis.com/v2/${changed.name}:wait`, {});
  expect(failed).toMatchObject({
    done: true,
    error: { code: 9, message: expect.stringContaining('is not ready and cannot serve traffic.') },
  });
  expect(cloud.services.pidOf('second')).toBe(pid);

  const deleted = await google.ok('DELETE', path);
  await google.ok('POST', `run.googleapis.com/v2/${deleted.name}:wait`, {});
  await gone(pid);
  expect((await google.call('GET', path)).status).toBe(404);
});

it('nobody deploys as an account that they may not act as', async () => {
  const { google, regional, cloud } = prepared;
  const ann = 'user:ann@example.com';
  const project = '//cloudresourcemanager.googleapis.com/projects/demo-project';
  cloud.iam.policies.addBinding(project, 'roles/run.developer', ann);
  const { status, body } = await google.call(
    'POST',
    `${regional}/services`,
    knativeBody(receiver),
    ann,
  );
  expect(status).toBe(403);
  expect(body.error.message).toBe(
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${receiver.serviceAccount} (or it may not exist).`,
  );
  const account = `//iam.googleapis.com/projects/demo-project/serviceAccounts/${receiver.serviceAccount}`;
  cloud.iam.policies.addBinding(account, 'roles/iam.serviceAccountUser', ann);
  await google.ok('POST', `${regional}/services`, knativeBody(receiver), ann);
});

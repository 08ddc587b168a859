import { describe, expect, it } from 'vitest';
import { developer, startAdminApis } from '../../../tests/support/admin-apis-fixture.ts';
import { projectResource, serviceResource } from '../../iam/resource-names.ts';
import { StartupError } from '../supervisor.ts';

const project = 'demo-project';
const regional = `europe-west1-run.googleapis.com/apis/serving.knative.dev/v1/namespaces/${project}`;
const services = `${regional}/services`;
const v2 = `run.googleapis.com/v2/projects/${project}/locations/europe-west1`;
const image = 'europe-west1-docker.pkg.dev/demo-project/services/receiver';
const account = 'receiver@demo-project.iam.gserviceaccount.com';
const ann = 'user:ann@example.com';

/** With a developer who may deploy. */
async function startForDeployments() {
  const apis = await startAdminApis();
  for (const role of ['roles/run.admin', 'roles/iam.serviceAccountUser']) {
    apis.iam.policies.addBinding(projectResource(project), role, developer);
  }
  return apis;
}

interface Changes {
  metadata?: object;
  template?: object;
  container?: object;
  spec?: object;
  traffic?: object[];
}

function body(changes: Changes = {}, name = 'fresh') {
  const container = { image, name: '', ...changes.container };
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name, namespace: project, ...changes.metadata },
    spec: {
      template: {
        metadata: changes.template ?? {},
        spec: { serviceAccountName: account, containers: [container], ...changes.spec },
      },
      ...(changes.traffic && { traffic: changes.traffic }),
    },
  };
}

describe('version 1', () => {
  it('creates a service, and shows what Cloud Run fills in', async () => {
    const { call, instances } = await startForDeployments();
    const sent = body({ metadata: { labels: { team: 'a' }, annotations: { note: 'b' } } });
    const created = await call('POST', services, { body: sent });
    expect(created.status).toBe(200);
    expect(created.body.status.conditions[0]).toMatchObject({ type: 'Ready', status: 'Unknown' });

    const { body: service } = await call('GET', `${services}/fresh`);
    expect(service.metadata).toMatchObject({
      generation: 1,
      labels: { team: 'a', 'cloud.googleapis.com/location': 'europe-west1' },
      annotations: {
        note: 'b',
        'serving.knative.dev/creator': 'developer@example.com',
        'run.googleapis.com/ingress': 'all',
      },
    });
    expect(service.spec.template.spec).toEqual({
      containerConcurrency: 80,
      timeoutSeconds: 300,
      serviceAccountName: account,
      containers: [
        {
          image,
          ports: [{ name: 'http1', containerPort: 8080 }],
          resources: { limits: { cpu: '1000m', memory: '512Mi' } },
          startupProbe: {
            timeoutSeconds: 240,
            periodSeconds: 240,
            failureThreshold: 1,
            tcpSocket: { port: 8080 },
          },
        },
      ],
    });
    const { latestReadyRevisionName: revision, ...status } = service.status;
    expect(revision).toMatch(/^fresh-00001-[a-z]{3}$/);
    expect(status).toMatchObject({
      observedGeneration: 1,
      conditions: [{ status: 'True' }, { status: 'True' }, { status: 'True' }],
      traffic: [{ revisionName: revision, percent: 100, latestRevision: true }],
    });
    expect([...instances.running]).toEqual([revision]);
  });

  it('makes a new revision of a new template, and stops the old one', async () => {
    const { call, instances } = await startForDeployments();
    await call('POST', services, { body: body() });
    const { body: service } = await call('GET', `${services}/fresh`);
    service.spec.template.spec.containers[0].env = [{ name: 'A', value: 'b' }];
    const replaced = await call('PUT', `${services}/fresh`, { body: service });
    expect(replaced.body.metadata.generation).toBe(2);
    const revisions = await call(
      'GET',
      `${regional}/revisions?labelSelector=serving.knative.dev/service%3Dfresh`,
    );
    const names = revisions.body.items.map(
      ({ metadata }: { metadata: { name: string } }) => metadata.name,
    );
    expect(names).toEqual([
      expect.stringMatching(/^fresh-00001-/),
      expect.stringMatching(/^fresh-00002-/),
    ]);
    expect([...instances.running]).toEqual([names[1]]);
  });

  it('makes none where only labels, annotations or nothing has changed', async () => {
    const { call, registry } = await startForDeployments();
    await call('POST', services, { body: body() });
    const { body: service } = await call('GET', `${services}/fresh`);
    service.metadata.annotations['run.googleapis.com/ingress'] = 'internal';
    const { body: changed } = await call('PUT', `${services}/fresh`, { body: service });
    expect(changed.metadata).toMatchObject({
      generation: 1,
      annotations: { 'run.googleapis.com/ingress-status': 'internal' },
    });
    expect(changed.metadata.resourceVersion).not.toBe(service.metadata.resourceVersion);
    expect(registry.get(serviceResource(project, 'europe-west1', 'fresh'))?.revisions).toHaveLength(
      1,
    );
  });

  it('divides the traffic between revisions that are ready', async () => {
    const { call, instances } = await startForDeployments();
    await call('POST', services, { body: body({ template: { name: 'fresh-one' } }) });
    await call('PUT', `${services}/fresh`, { body: body({ template: { name: 'fresh-two' } }) });
    const traffic = [
      { revisionName: 'fresh-one', percent: 30 },
      { latestRevision: true, percent: 70 },
    ];
    const sent = body({ template: { name: 'fresh-two' }, traffic });
    await call('PUT', `${services}/fresh`, { body: sent });
    const { body: service } = await call('GET', `${services}/fresh`);
    expect(service.status.traffic).toEqual([
      { revisionName: 'fresh-one', percent: 30 },
      { revisionName: 'fresh-two', percent: 70, latestRevision: true },
    ]);
    expect([...instances.running].sort()).toEqual(['fresh-one', 'fresh-two']);
  });

  it('leaves everything with the old revision if the new one fails', async () => {
    const { call, instances, notices } = await startForDeployments();
    await call('POST', services, { body: body({ template: { name: 'fresh-good' } }) });
    instances.onStart = () => Promise.reject(new StartupError('fresh ended (exit code 1)'));
    await call('PUT', `${services}/fresh`, { body: body({ template: { name: 'fresh-bad' } }) });
    const { body: service } = await call('GET', `${services}/fresh`);
    expect(service.status).toMatchObject({
      latestReadyRevisionName: 'fresh-good',
      latestCreatedRevisionName: 'fresh-bad',
      traffic: [{ revisionName: 'fresh-good', percent: 100 }],
    });
    expect(service.status.conditions[0]).toMatchObject({
      status: 'False',
      reason: 'HealthCheckContainerError',
      message: expect.stringMatching(
        /^Revision 'fresh-bad' is not ready and cannot serve traffic\. The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout\./,
      ),
    });
    expect([...instances.running]).toEqual(['fresh-good']);
    expect(notices).toContain('fresh-bad failed: fresh ended (exit code 1)');
  });

  it('does not let a slow revision take over from a newer one', async () => {
    const { call, instances, registry } = await startForDeployments();
    let letSlowOneUp = () => {};
    instances.onStart = (revision) =>
      revision === 'fresh-slow'
        ? new Promise((resolve) => {
            letSlowOneUp = resolve;
          })
        : Promise.resolve();
    await call('POST', services, { body: body({ template: { name: 'fresh-slow' } }) });
    await call('PUT', `${services}/fresh`, { body: body({ template: { name: 'fresh-fast' } }) });
    letSlowOneUp();
    await call('GET', `${services}/fresh`);
    const service = registry.get(serviceResource(project, 'europe-west1', 'fresh'));
    expect(service?.routes.map(({ revision }) => revision.name)).toEqual(['fresh-fast']);
    expect([...instances.running]).toEqual(['fresh-fast']);
  });

  it('does not take a roll-back that was withdrawn for a failure', async () => {
    const { call, instances, registry } = await startForDeployments();
    await call('POST', services, { body: body({ template: { name: 'fresh-old' } }) });
    await call('PUT', `${services}/fresh`, { body: body({ template: { name: 'fresh-new' } }) });
    let stopOldOne = (_error: Error) => {};
    instances.onStart = () =>
      new Promise((_resolve, reject) => {
        stopOldOne = reject;
      });
    const withTraffic = (traffic: object[]) =>
      call('PUT', `${services}/fresh`, {
        body: body({ template: { name: 'fresh-new' }, traffic }),
      });
    await withTraffic([{ revisionName: 'fresh-old', percent: 100 }]);
    await withTraffic([{ latestRevision: true, percent: 100 }]);
    stopOldOne(new StartupError('fresh-old was stopped'));
    const { body: service } = await call('GET', `${services}/fresh`);
    expect(service.status.conditions[0]).toMatchObject({ type: 'Ready', status: 'True' });
    const found = registry.get(serviceResource(project, 'europe-west1', 'fresh'));
    expect(found?.routes.map(({ revision }) => revision.name)).toEqual(['fresh-new']);
  });

  it('deletes a service with its policy, and makes another one of its name', async () => {
    const { call, iam, instances } = await startForDeployments();
    await call('POST', services, { body: body() });
    const resource = serviceResource(project, 'europe-west1', 'fresh');
    iam.policies.addBinding(resource, 'roles/run.invoker', ann);
    const deleted = await call('DELETE', `${services}/fresh`);
    expect(deleted.body).toMatchObject({ kind: 'Status', status: 'Success' });
    expect((await call('GET', `${services}/fresh`)).status).toBe(404);
    expect(instances.running.size).toBe(0);
    expect((await call('POST', services, { body: body() })).status).toBe(200);
    expect(iam.policies.get(resource).bindings).toEqual([]);
  });

  it('deletes revisions that nothing needs', async () => {
    const { call } = await startForDeployments();
    for (const [method, name] of [
      ['POST', 'fresh-one'],
      ['PUT', 'fresh-two'],
    ] as const) {
      const url = method === 'POST' ? services : `${services}/fresh`;
      await call(method, url, { body: body({ template: { name } }) });
    }
    const refused = await call('DELETE', `${regional}/revisions/fresh-two`);
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('it is serving traffic') } },
    });
    expect((await call('DELETE', `${regional}/revisions/fresh-one`)).status).toBe(200);
    expect((await call('GET', `${regional}/revisions/fresh-one`)).status).toBe(404);
  });
});

describe('what is refused', () => {
  it.each<[title: string, sent: object, status: number, message: string]>([
    ['a name that is taken', body({}, 'receiver'), 409, "Resource 'receiver' already exists."],
    ['a name with capitals', body({}, 'Fresh'), 400, 'Service name must use only lowercase'],
    [
      'another namespace',
      body({ metadata: { namespace: 'other' } }),
      400,
      'other is not the project',
    ],
    ['no image', body({ container: { image: '' } }), 400, 'containers[0].image: must be set'],
    [
      'a variable of Cloud Run',
      body({ container: { env: [{ name: 'PORT', value: '1' }] } }),
      400,
      'The following reserved env names were provided: PORT.',
    ],
    [
      'a variable whose name is none',
      body({ container: { env: [{ name: 'A=B', value: '1' }] } }),
      400,
      '"A=B" is no name',
    ],
    [
      'traffic that is too much',
      body({ traffic: [{ latestRevision: true, percent: 99 }] }),
      400,
      'percents must sum to 100, not 99',
    ],
    [
      'traffic to a revision that is not there',
      body({ traffic: [{ revisionName: 'fresh-x', percent: 100 }] }),
      400,
      "Revision 'fresh-x' was not found",
    ],
    [
      'a revision with a foreign name',
      body({ template: { name: 'other-1' } }),
      400,
      'must be named fresh-…',
    ],
    [
      'ingress that does not exist',
      body({ metadata: { annotations: { 'run.googleapis.com/ingress': 'some' } } }),
      400,
      'must be one of all, internal',
    ],
    [
      'audiences that are no list',
      body({ metadata: { annotations: { 'run.googleapis.com/custom-audiences': 'a' } } }),
      400,
      'must be a JSON array of strings',
    ],
    ['a number that is text', body({ spec: { timeoutSeconds: 'long' } }), 400, 'timeoutSeconds'],
    [
      'sidecars',
      body({ spec: { containers: [{ image }, { image }] } }),
      400,
      'does not run several containers',
    ],
    ['a command', body({ container: { command: ['sh'] } }), 400, 'does not run command and args'],
    [
      'secrets',
      body({ container: { env: [{ name: 'A', valueFrom: { secretKeyRef: {} } }] } }),
      400,
      'does not run secrets',
    ],
    ['volumes', body({ spec: { volumes: [{ name: 'v' }] } }), 400, 'does not run volumes'],
    [
      'HTTP/2',
      body({ container: { ports: [{ name: 'h2c', containerPort: 8080 }] } }),
      400,
      'does not run HTTP/2',
    ],
    [
      'tags',
      body({ traffic: [{ latestRevision: true, percent: 100, tag: 'a' }] }),
      400,
      'does not run traffic tags',
    ],
    [
      'an account that does not exist',
      body({ spec: { serviceAccountName: 'nobody@demo-project.iam.gserviceaccount.com' } }),
      403,
      "Permission 'iam.serviceaccounts.actAs' denied on service account nobody@demo-project.iam.gserviceaccount.com (or it may not exist).",
    ],
  ])('%s', async (_title, sent, status, message) => {
    const { call, registry } = await startForDeployments();
    const answer = await call('POST', services, { body: sent });
    expect(answer.body.error?.message).toContain(message);
    expect(answer.status).toBe(status);
    expect(registry.list()).toHaveLength(2);
  });

  it('a dry run, rather than to deploy', async () => {
    const { call } = await startForDeployments();
    expect((await call('POST', `${services}?dryRun=all`, { body: body() })).status).toBe(501);
  });

  it('another region than the local cloud’s', async () => {
    const { call } = await startForDeployments();
    const url = services.replace('europe-west1', 'us-east1');
    const answer = await call('POST', url, { body: body() });
    expect(answer.body.error.message).toContain('its only region is europe-west1');
  });

  it.each([
    ['PUT', { resourceVersion: 'AAYold' }],
    ['PATCH', { etag: '"AAYold"' }],
  ] as const)('%s of a service that somebody else has changed', async (method, stale) => {
    const { call, registry } = await startForDeployments();
    const url = method === 'PUT' ? `${services}/receiver` : `${v2}/services/receiver`;
    const sent =
      method === 'PUT'
        ? body({ metadata: stale }, 'receiver')
        : { ...stale, template: { containers: [{ image }] } };
    const current = registry.get(serviceResource(project, 'europe-west1', 'receiver'))?.version;
    const answer = await call(method, url, { body: sent });
    expect(answer).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
    expect(answer.body.error.message).toBe(
      `Conflict for resource 'receiver': version 'AAYold' was specified but current version is '${current}'.`,
    );
  });

  it.each([
    ['POST', services, 'run.services.create'],
    ['PUT', `${services}/receiver`, 'run.services.update'],
    ['DELETE', `${services}/receiver`, 'run.services.delete'],
    ['DELETE', `${regional}/revisions/receiver-00001-zey`, 'run.revisions.delete'],
    ['POST', `${v2}/services?serviceId=fresh`, 'run.services.create'],
    ['PATCH', `${v2}/services/receiver`, 'run.services.update'],
    ['DELETE', `${v2}/services/receiver`, 'run.services.delete'],
    ['GET', `${v2}/services/receiver/revisions`, 'run.revisions.list'],
    ['GET', `${v2}/operations/x`, 'run.operations.get'],
  ])('%s %s without %s', async (method, url, permission) => {
    const { call, registry } = await startAdminApis();
    const name = url === services ? 'fresh' : 'receiver';
    const sent = method === 'PUT' || url === services ? { body: body({}, name) } : {};
    const answer = await call(method, url, { as: ann, ...sent });
    expect(answer.status).toBe(403);
    expect(answer.body.error.message).toContain(`Permission '${permission}' denied on resource`);
    expect(registry.list()).toHaveLength(2);
  });

  it.each([
    ['POST', services, 'fresh'],
    ['PUT', `${services}/receiver`, 'receiver'],
  ])(
    '%s of a service open to everybody, by who may not write its policy',
    async (method, url, name) => {
      const { call, iam } = await startForDeployments();
      for (const role of ['roles/run.developer', 'roles/iam.serviceAccountUser']) {
        iam.policies.addBinding(projectResource(project), role, ann);
      }
      const annotations = { 'run.googleapis.com/invoker-iam-disabled': 'True' };
      const open = body({ metadata: { annotations } }, name);
      const refused = await call(method, url, { as: ann, body: open });
      expect(refused.status).toBe(403);
      expect(refused.body.error.message).toContain("'run.services.setIamPolicy' denied");
      expect(await call(method, url, { body: open })).toMatchObject({ status: 200 });
      // It stays as it is: that is for a developer as well; closing it again is not.
      const again = body({ metadata: { annotations }, template: { labels: { a: 'b' } } }, name);
      expect(await call('PUT', `${services}/${name}`, { as: ann, body: again })).toMatchObject({
        status: 200,
      });
      const closed = await call('PUT', `${services}/${name}`, { as: ann, body: body({}, name) });
      expect(closed.status).toBe(403);
    },
  );
});

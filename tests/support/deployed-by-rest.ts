import { setTimeout } from 'node:timers/promises';
import { loadTopology, type ResolvedService, resolveTopology } from '../../deploy/topology.ts';
import { defaults } from '../../local-cloud/options.ts';
import { startTestCloud } from './cloud.ts';
import { GoogleApis } from './google-apis.ts';

const project = 'demo-project';
const region = 'europe-west1';
const regional = `${region}-run.googleapis.com/apis/serving.knative.dev/v1/namespaces/${project}`;

/** What a deployment into an empty local cloud makes; its services are made of this topology. */
export const topology = resolveTopology(loadTopology(), {
  ...defaults,
  deployer: `user:${defaults.developer}`,
});

export function serviceNamed(name: string): ResolvedService {
  const service = topology.services.find((candidate) => candidate.name === name);
  if (!service) throw new RangeError(name);
  return service;
}

export const imageOf = (name: string, tag = 'v1') =>
  `${region}-docker.pkg.dev/${project}/services/${name}:${tag}`;

/** The body by which gcloud deploys a service. */
export function knativeBody(
  { name, serviceAccount, environment, image }: ResolvedService,
  changes: { env?: Record<string, string>; image?: string; nonce?: string } = {},
) {
  const env = Object.entries({ ...environment, ...changes.env });
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name, namespace: project, labels: {}, annotations: {} },
    spec: {
      template: {
        metadata: { labels: { 'client.knative.dev/nonce': changes.nonce ?? 'first' } },
        spec: {
          serviceAccountName: serviceAccount,
          timeoutSeconds: 60,
          containers: [
            {
              image: changes.image ?? imageOf(image),
              name: '',
              env: env.map(([key, value]) => ({ name: key, value })),
              startupProbe: {
                httpGet: { path: '/health/ready' },
                periodSeconds: 1,
                failureThreshold: 60,
              },
            },
          ],
        },
      },
    },
  };
}

/** An empty local cloud in which everything is there that the services need, and they are not. */
export async function startPreparedCloud() {
  const cloud = await startTestCloud({ empty: true, servicePorts: { caller: 0, receiver: 0 } });
  const google = new GoogleApis(cloud);
  await google.ok(
    'POST',
    `serviceusage.googleapis.com/v1/projects/${project}/services:batchEnable`,
    {
      serviceIds: ['run', 'pubsub', 'iam', 'artifactregistry', 'cloudbuild'].map(
        (name) => `${name}.googleapis.com`,
      ),
    },
  );
  const registry = `artifactregistry.googleapis.com/v1/projects/${project}/locations/${region}`;
  await google.ok('POST', `${registry}/repositories?repositoryId=services`, { format: 'DOCKER' });
  for (const { image, serviceAccount } of topology.services) {
    await google.ok('POST', `cloudbuild.googleapis.com/v1/projects/${project}/builds`, {
      steps: [{ name: 'docker', args: ['build', '--file', `Dockerfile.${image}`, '.'] }],
      images: [imageOf(image)],
    });
    await google.ok('POST', `iam.googleapis.com/v1/projects/${project}/serviceAccounts`, {
      accountId: serviceAccount.replace(/@.*/, ''),
      serviceAccount: {},
    });
  }
  for (const { name } of topology.topics) {
    await google.ok('PUT', `pubsub.googleapis.com/v1/${name}`, {});
  }
  /** Asks for a service until its last change has come into force or has failed. */
  const settled = async (name: string) => {
    for (;;) {
      const service = await google.ok('GET', `${regional}/services/${name}`);
      const [ready] = service.status.conditions;
      if (ready.status !== 'Unknown') return service;
      await setTimeout(50);
    }
  };
  return {
    cloud,
    google,
    regional,
    settled,
    /** Deploys both services, and grants what the topology says. */
    async deploy() {
      for (const service of topology.services) {
        await google.ok('POST', `${regional}/services`, knativeBody(service));
      }
      for (const { resource, role, member } of topology.bindings) {
        const [, api = '', path = ''] = /^\/\/([^/]+)\/(.*)$/.exec(resource) ?? [];
        const policy = { bindings: [{ role, members: [member] }] };
        await google.ok('POST', `${api}/v1/${path}:setIamPolicy`, { policy });
      }
      await Promise.all(topology.services.map(({ name }) => settled(name)));
    },
    async stop() {
      google.close();
      await cloud.stop();
    },
  };
}

export type PreparedCloud = Awaited<ReturnType<typeof startPreparedCloud>>;

/** Resolves when a process is gone. */
export async function gone(pid: number | undefined): Promise<void> {
  for (;;) {
    try {
      process.kill(pid ?? 0, 0);
    } catch {
      return;
    }
    await setTimeout(20);
  }
}

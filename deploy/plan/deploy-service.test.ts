import { describe, expect, it } from 'vitest';
import { FakeGcloud } from '../../tests/support/fake-gcloud.ts';
import { parseTopology, resolveTopology } from '../topology.ts';
import { deployService, serveLatest } from './deploy-service.ts';

const target = {
  project: 'my-project',
  projectNumber: '123456789012',
  region: 'europe-west1',
  deployer: 'user:ada@example.com',
};
const [service] = resolveTopology(
  parseTopology({
    services: {
      api: {
        serviceAccount: 'api-account',
        invokers: ['deployer'],
        environment: { LIST: 'one,two', EQUATION: 'a=b' },
        customAudiences: ['https://api.example.com'],
        resources: { cpu: '500m', memory: '256Mi' },
        minInstances: 1,
      },
    },
  }),
  target,
).services;
if (!service) throw new Error('the topology has no service');
const step = deployService(service, 'v1', target);

/** What Cloud Run has after the step's own command, which each test may change. */
async function live(change: (json: Live) => void = () => undefined): Promise<unknown> {
  const cloud = new FakeGcloud();
  await cloud.run(step.args);
  const json: Live = JSON.parse(await cloud.run(step.check.args));
  change(json);
  return json;
}

interface Live {
  metadata: { generation: number; annotations: Record<string, string> };
  spec: {
    template: {
      metadata: { annotations: Record<string, string> };
      spec: {
        serviceAccountName?: string;
        containerConcurrency: number;
        timeoutSeconds: number;
        containers: [
          {
            image: string;
            env: { name: string; value?: string }[];
            resources: { limits: Record<string, string> };
            startupProbe?: Record<string, unknown>;
            livenessProbe: Record<string, unknown>;
          },
        ];
      };
    };
    traffic: { latestRevision?: boolean; revisionName?: string; percent: number }[];
  };
  status: { conditions: { type: string; status: string }[] };
}

describe('deployService', () => {
  it('declares another delimiter where a value holds a comma', () => {
    expect(step.args).toContain('--set-env-vars=^|^LIST=one,two|EQUATION=a=b');
    expect(step.args).toContain('--set-custom-audiences=https://api.example.com');
    expect(step.args).toContain('--cpu=500m');
  });

  it('leaves a service alone that is as it should be', async () => {
    expect(step.check.isDone(await live())).toBe(true);
  });

  it.each<[string, (json: Live) => void]>([
    [
      '500m written as 0.5',
      ({ spec }) => {
        spec.template.spec.containers[0].resources.limits.cpu = '0.5';
      },
    ],
    [
      'the order of its variables',
      ({ spec }) => {
        spec.template.spec.containers[0].env.reverse();
      },
    ],
    [
      'what Cloud Run adds',
      ({ metadata, spec }) => {
        metadata.annotations['run.googleapis.com/operation-id'] = 'x';
        spec.template.metadata.annotations['run.googleapis.com/client-name'] = 'gcloud';
      },
    ],
    [
      'probes without their defaults',
      ({ spec }) => {
        const { livenessProbe } = spec.template.spec.containers[0];
        for (const name of ['periodSeconds', 'timeoutSeconds', 'failureThreshold']) {
          delete livenessProbe[name];
        }
      },
    ],
  ])('does not mind %s', async (_title, change) => {
    expect(step.check.isDone(await live(change))).toBe(true);
  });

  it.each<[string, (json: Live) => void]>([
    [
      'another image',
      ({ spec }) => {
        spec.template.spec.containers[0].image += '0';
      },
    ],
    [
      'the default account',
      ({ spec }) => {
        delete spec.template.spec.serviceAccountName;
      },
    ],
    [
      'a variable more',
      ({ spec }) => {
        spec.template.spec.containers[0].env.push({ name: 'DEBUG', value: '1' });
      },
    ],
    [
      'a secret in place of a value',
      ({ spec }) => {
        delete spec.template.spec.containers[0].env[0]?.value;
      },
    ],
    [
      'another ingress',
      ({ metadata }) => {
        metadata.annotations['run.googleapis.com/ingress'] = 'internal';
      },
    ],
    [
      'another audience',
      ({ metadata }) => {
        metadata.annotations['run.googleapis.com/custom-audiences'] = '["https://x.example"]';
      },
    ],
    [
      'more memory',
      ({ spec }) => {
        spec.template.spec.containers[0].resources.limits.memory = '1Gi';
      },
    ],
    [
      'more CPU',
      ({ spec }) => {
        spec.template.spec.containers[0].resources.limits.cpu = '1000m';
      },
    ],
    [
      'another concurrency',
      ({ spec }) => {
        spec.template.spec.containerConcurrency = 1;
      },
    ],
    [
      'another time limit',
      ({ spec }) => {
        spec.template.spec.timeoutSeconds = 300;
      },
    ],
    [
      'no least number of instances',
      ({ spec }) => {
        delete spec.template.metadata.annotations['autoscaling.knative.dev/minScale'];
      },
    ],
    [
      'more instances',
      ({ spec }) => {
        spec.template.metadata.annotations['autoscaling.knative.dev/maxScale'] = '100';
      },
    ],
    [
      'no CPU boost',
      ({ spec }) => {
        delete spec.template.metadata.annotations['run.googleapis.com/startup-cpu-boost'];
      },
    ],
    [
      'CPU all the time',
      ({ spec }) => {
        spec.template.metadata.annotations['run.googleapis.com/cpu-throttling'] = 'false';
      },
    ],
    [
      'no startup probe',
      ({ spec }) => {
        delete spec.template.spec.containers[0].startupProbe;
      },
    ],
    [
      'a probe of TCP',
      ({ spec }) => {
        spec.template.spec.containers[0].livenessProbe = { tcpSocket: { port: 8080 } };
      },
    ],
    [
      'IAM is not asked',
      ({ metadata }) => {
        metadata.annotations['run.googleapis.com/invoker-iam-disabled'] = 'True';
      },
    ],
    [
      'a deployment that failed',
      ({ status }) => {
        status.conditions = [{ type: 'Ready', status: 'False' }];
      },
    ],
    [
      'a change that is not done yet',
      ({ metadata }) => {
        metadata.generation = 2;
      },
    ],
  ])('deploys again: %s', async (_title, change) => {
    expect(step.check.isDone(await live(change))).toBe(false);
  });

  it('deploys again when gcloud answers something else', () => {
    expect(step.check.isDone({})).toBe(false);
  });
});

describe('serveLatest', () => {
  const { check } = serveLatest(service, target);

  it.each<[boolean, string, Live['spec']['traffic']]>([
    [true, 'all to the latest', [{ latestRevision: true, percent: 100 }]],
    [false, 'all to an old one', [{ revisionName: 'api-00001-abc', percent: 100 }]],
    [
      false,
      'some to an old one',
      [
        { latestRevision: true, percent: 90 },
        { revisionName: 'api-00001-abc', percent: 10 },
      ],
    ],
    [
      true,
      'a tag on an old one',
      [
        { latestRevision: true, percent: 100 },
        { revisionName: 'api-00001-abc', percent: 0 },
      ],
    ],
  ])('says %s for: %s', async (expected, _title, traffic) => {
    const json = await live(({ spec }) => {
      spec.traffic = traffic;
    });
    expect(check.isDone(json)).toBe(expected);
  });
});

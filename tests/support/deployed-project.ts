import { type Gcloud, GcloudError } from '../../deploy/gcloud.ts';
import type { ResolvedService, ResolvedTopology } from '../../deploy/topology.ts';

interface Binding {
  role: string;
  members: string[];
  condition?: { title: string; expression: string };
}

/** What the commands of gcloud that only look answer in a project where a topology is deployed. */
export class DeployedProject {
  readonly projectPolicy: Binding[] = [{ role: 'roles/owner', members: ['user:ada@example.com'] }];
  readonly services: ReturnType<typeof knativeService>[];
  readonly topics: { name: string }[];
  readonly subscriptions: { name: string; topic: string; pushConfig: { pushEndpoint?: string } }[];
  readonly accounts: { email: string; disabled?: boolean }[];
  /** By e-mail address: names of keys. */
  readonly keys: Record<string, { name: string }[]> = {};
  /** By kind and id: `run services receiver`. */
  readonly policies: Record<string, Binding[]> = {};
  /** By the first words of a command: what gcloud says instead of answering. */
  readonly failures: Record<string, string> = {};
  readonly commands: string[] = [];

  constructor(topology: ResolvedTopology) {
    this.services = topology.services.map(knativeService);
    this.topics = topology.topics.map(({ name }) => ({ name }));
    this.subscriptions = topology.subscriptions.map(({ name, topic }) => ({
      ...{ name, topic },
      pushConfig: {},
    }));
    this.accounts = topology.services.map(({ serviceAccount }) => ({ email: serviceAccount }));
    this.accounts.push({
      email: `${topology.projectNumber}-compute@developer.gserviceaccount.com`,
    });
    for (const { resource, role, member } of topology.bindings) {
      const kind = resource.startsWith('//run.') ? 'run services' : 'pubsub topics';
      this.policyOf(`${kind} ${resource.split('/').at(-1)}`).push({ role, members: [member] });
    }
  }

  readonly gcloud: Gcloud = async (args) => {
    const command = args.join(' ');
    this.commands.push(command);
    const failure = Object.entries(this.failures).find(([start]) => command.startsWith(start))?.[1];
    if (failure !== undefined) throw new GcloudError(args, `ERROR: (gcloud.x) ${failure}`);
    return JSON.stringify(this.#answer(args));
  };

  policyOf(name: string): Binding[] {
    this.policies[name] ??= [];
    return this.policies[name];
  }

  service(name: string): DeployedProject['services'][number] {
    const found = this.services.find(({ metadata }) => metadata.name === name);
    if (!found) throw new RangeError(`there is no service ${name}`);
    return found;
  }

  #answer(args: readonly string[]): unknown {
    const words = args.filter((word) => !word.startsWith('-')).join(' ');
    const [, resource] = /^(.*) get-iam-policy .*$/.exec(words) ?? [];
    const id = words.split(' ').at(-1);
    if (resource === 'projects') return { bindings: this.projectPolicy, etag: 'ACAB' };
    // A policy that was never set has no bindings at all.
    if (resource) return { bindings: this.policies[`${resource} ${id}`], etag: 'ACAB', version: 1 };
    switch (words) {
      case 'run services list':
        return this.services;
      case 'pubsub topics list':
        return this.topics;
      case 'pubsub subscriptions list':
        return this.subscriptions;
      case 'iam service-accounts list':
        return this.accounts;
      case 'iam service-accounts keys list': {
        const account = args.find((word) => word.startsWith('--iam-account='))?.split('=')[1];
        return this.keys[account ?? ''] ?? [];
      }
      default:
        throw new GcloudError(args, `this project does not know: ${words}`);
    }
  }
}

/** A service as Cloud Run shows it after a deployment. */
function knativeService(service: ResolvedService) {
  const { name, serviceAccount, environment, resources, concurrency, timeoutSeconds } = service;
  const revision = `${name}-00002-abc`;
  const own: Record<string, string> = {
    'run.googleapis.com/ingress': service.ingress,
    'run.googleapis.com/urls': JSON.stringify(service.urls),
  };
  const template: Record<string, string> = {
    'autoscaling.knative.dev/maxScale': String(service.maxInstances),
  };
  const env: { name: string; value?: string; valueFrom?: object }[] = Object.entries(
    environment,
  ).map(([key, value]) => ({ name: key, value }));
  const traffic: { revisionName?: string; latestRevision?: boolean; percent: number }[] = [
    { latestRevision: true, percent: 100 },
  ];
  return {
    metadata: { name, annotations: own },
    spec: {
      template: {
        metadata: { annotations: template },
        spec: {
          serviceAccountName: serviceAccount as string | undefined,
          containerConcurrency: concurrency,
          timeoutSeconds,
          containers: [
            {
              env,
              // Cloud Run writes CPUs in thousandths.
              resources: { limits: { cpu: `${resources.cpu}000m`, memory: resources.memory } },
            },
          ],
        },
      },
      traffic,
    },
    status: {
      latestCreatedRevisionName: revision,
      conditions: [{ type: 'Ready', status: 'True', message: '' }],
      traffic: [{ revisionName: revision, latestRevision: true, percent: 100 }] as {
        revisionName: string;
        latestRevision?: boolean;
        percent: number;
      }[],
    },
  };
}

import { request } from 'node:http';
import { loadTopology, resolveTopology, type Topology } from '../../deploy/topology.ts';
import { ArtifactRegistry } from '../../local-cloud/artifact-registry/artifact-registry.ts';
import { imageMethods } from '../../local-cloud/artifact-registry/image-methods.ts';
import { repositoryMethods } from '../../local-cloud/artifact-registry/repository-methods.ts';
import { Builds } from '../../local-cloud/cloud-build/builds.ts';
import { cloudBuildMethods } from '../../local-cloud/cloud-build/cloud-build.ts';
import { cloudRunMethods } from '../../local-cloud/cloud-run/admin/cloud-run-admin.ts';
import { Deployments, type Instances } from '../../local-cloud/cloud-run/deployments.ts';
import { seedServices } from '../../local-cloud/cloud-run/seed-services.ts';
import {
  type CloudRunService,
  type Revision,
  ServiceRegistry,
} from '../../local-cloud/cloud-run/service-registry.ts';
import { Iam } from '../../local-cloud/iam/iam.ts';
import { seedAccounts } from '../../local-cloud/iam/seed-accounts.ts';
import { seedFromTopology } from '../../local-cloud/iam/seed-from-topology.ts';
import { ServiceAccounts } from '../../local-cloud/iam/service-accounts.ts';
import { HostRouter } from '../../local-cloud/network/host-router.ts';
import { Operations } from '../../local-cloud/operations/operations.ts';
import { defaults } from '../../local-cloud/options.ts';
import { resourceManagerMethods } from '../../local-cloud/resource-manager/resource-manager.ts';
import { type RestMethod, restApi } from '../../local-cloud/rest/rest-api.ts';
import { EnabledApis } from '../../local-cloud/service-usage/enabled-apis.ts';
import { serviceUsageMethods } from '../../local-cloud/service-usage/service-usage.ts';
import { Buckets } from '../../local-cloud/storage/buckets.ts';
import type { TokenHolder } from '../../local-cloud/tokens/access-tokens.ts';
import { serve } from './network.ts';
import { standingClock } from './standing-clock.ts';

export const developer = `user:${defaults.developer}` as const;

/** Cloud Run's Admin API, Resource Manager and Service Usage; everybody is who they say they are. */
export async function startAdminApis(topology: Topology = loadTopology()) {
  const clock = standingClock();
  const resolved = resolveTopology(topology, { ...defaults, deployer: developer });
  const iam = new Iam({ clock });
  seedFromTopology(iam.policies, resolved);
  const accounts = new ServiceAccounts({ clock, policies: iam.policies });
  seedAccounts(accounts, resolved);
  const registry = new ServiceRegistry();
  const images = new ArtifactRegistry(clock);
  const instances = new FakeInstances();
  const notices: string[] = [];
  const notify = (sentence: string) => void notices.push(sentence);
  const deployments = new Deployments({
    topology: resolved,
    clock,
    registry,
    instances,
    notify,
  });
  seedServices({ topology: resolved, images, deployments });
  const operations = new Operations();
  const shared = { topology: resolved, clock, iam, accounts, operations };
  const apis = new EnabledApis('all');
  const buckets = new Buckets(clock);
  const builds = new Builds();
  const services = {
    ...shared,
    ...{ registry, deployments, images, apis, buckets, builds, notify },
  };

  const router = new HostRouter();
  const add = (service: string, methods: RestMethod[], pattern = service) => {
    const authenticate = ([header = '']: readonly string[]) =>
      header.replace('Bearer ', '') as TokenHolder;
    const http = restApi({ service, methods, authenticate, notify: () => {} });
    router.add(pattern, { http });
  };
  const run = cloudRunMethods(services);
  add('run.googleapis.com', run);
  add('run.googleapis.com', run, '*-run.googleapis.com');
  add('cloudresourcemanager.googleapis.com', resourceManagerMethods(services));
  add('serviceusage.googleapis.com', serviceUsageMethods(services));
  add('artifactregistry.googleapis.com', [
    ...repositoryMethods(services),
    ...imageMethods(services),
  ]);
  add('cloudbuild.googleapis.com', cloudBuildMethods(services));
  const base = await serve((incoming, response) =>
    router.find(incoming.headers.host ?? '')?.http?.(incoming, response),
  );

  /** `url` as Google's clients write it, without `https://`. */
  const call = (
    method: string,
    url: string,
    { as = developer, body }: { as?: TokenHolder; body?: object } = {},
  ): Promise<Answer> => {
    const [host = '', ...path] = url.split('/');
    const text = body && JSON.stringify(body);
    const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
    const headers = { host, authorization: `Bearer ${as}`, ...length };
    return send(`${base}/${path.join('/')}`, { method, headers }, text);
  };
  return { call, ...services, instances, notices };
}

/** Containers without processes: they come up at once, unless a test says how they fail. */
export class FakeInstances implements Instances {
  readonly running = new Set<string>();
  /** Called with the revision's name. */
  onStart: (revision: string) => Promise<void> = () => Promise.resolve();

  async start(_service: CloudRunService, { name }: Revision): Promise<void> {
    await this.onStart(name);
    this.running.add(name);
  }

  isUp({ name }: Revision): boolean {
    return this.running.has(name);
  }

  async retire({ name }: Revision): Promise<void> {
    this.running.delete(name);
  }
}

export interface Answer {
  status: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at, it also expects
  body: any;
}

/** Not by `fetch`, which does not let go of the Host header. */
function send(
  url: string,
  options: { method: string; headers: Record<string, string> },
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, body: JSON.parse(String(Buffer.concat(chunks))) }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}

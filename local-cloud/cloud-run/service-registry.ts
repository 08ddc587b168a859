import { createHash, randomUUID } from 'node:crypto';
import type { ResolvedService, ResolvedTopology } from '../../deploy/topology.ts';
import type { Clock } from '../clock.ts';
import { firstRevision } from './container-environment.ts';

/** What a service runs: replaced, never changed, https://cloud.google.com/run/docs/managing/revisions */
export interface Revision {
  /** Also the container's `K_REVISION`. */
  name: string;
  uid: string;
  /** The service's generation that it was made from. */
  generation: number;
  /** Milliseconds since the Unix epoch. */
  createdAtMs: number;
  /** E-mail address of the account that it runs as. */
  serviceAccount: string;
  /** The service's own variables. */
  environment: Readonly<Record<string, string>>;
  image: string;
}

/** A Cloud Run service. */
export interface CloudRunService {
  name: string;
  project: string;
  projectNumber: string;
  region: string;
  /** Full resource name. */
  resource: string;
  uid: string;
  /** Counts the changes of what it runs, from 1. */
  generation: number;
  /** Changes with every write: `resourceVersion` in v1, `etag` in v2. */
  version: string;
  /** Milliseconds since the Unix epoch. */
  createdAtMs: number;
  /** E-mail address of who deployed it. */
  creator: string;
  /** The deterministic URL first, then the legacy one. */
  urls: readonly string[];
  customAudiences: readonly string[];
  /** The one that gets all traffic. */
  revision: Revision;
}

/** The Cloud Run services that exist, for the Admin API and for the front door. */
export class ServiceRegistry {
  readonly #services = new Map<string, CloudRunService>();

  /** Starts with the services of the topology, as if its deployer had just deployed them. */
  constructor({ topology, clock }: { topology: ResolvedTopology; clock: Clock }) {
    for (const service of topology.services) {
      this.#services.set(service.resource, deployed(service, topology, clock.now()));
    }
  }

  /** @param resource full resource name */
  get(resource: string): CloudRunService | undefined {
    return this.#services.get(resource);
  }

  list(): CloudRunService[] {
    return [...this.#services.values()];
  }
}

function deployed(
  { name, resource, urls, customAudiences, serviceAccount, environment }: ResolvedService,
  { project, projectNumber, region, deployer }: ResolvedTopology,
  createdAtMs: number,
): CloudRunService {
  const uid = randomUUID();
  const generation = 1;
  return {
    name,
    project,
    projectNumber,
    region,
    resource,
    uid,
    generation,
    version: versionOf(uid, generation),
    createdAtMs,
    creator: deployer.slice(deployer.indexOf(':') + 1),
    urls,
    customAudiences,
    revision: {
      name: firstRevision(name),
      uid: randomUUID(),
      generation,
      createdAtMs,
      serviceAccount,
      environment,
      // A name for people to read: it runs from its source here.
      image: `${region}-docker.pkg.dev/${project}/services/${name}`,
    },
  };
}

function versionOf(uid: string, generation: number): string {
  const digest = createHash('sha256').update(`${uid} ${generation}`).digest();
  return `AAY${digest.subarray(0, 6).toString('base64url')}`;
}

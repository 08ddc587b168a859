import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { deterministicUrl, legacyUrl } from '../../deploy/service-urls.ts';
import type { ResolvedTopology } from '../../deploy/topology.ts';
import type { Clock } from '../clock.ts';
import { serviceResource } from '../iam/resource-names.ts';
import { ApiError } from '../network/api-error.ts';
import { customAudiencesIn } from './check-service-spec.ts';
import { failureOf, notReady } from './deployment-failure.ts';
import { newRevision } from './new-revision.ts';
import { withDefaults } from './revision-defaults.ts';
import {
  type CloudRunService,
  type Revision,
  type ServiceRegistry,
  versionOf,
} from './service-registry.ts';
import { annotationNames, type ServiceSpec } from './service-spec.ts';
import { requireTargets, targetsOf } from './traffic.ts';

/** What runs the revisions. */
export interface Instances {
  /** Resolves when it takes requests. @throws {StartupError | ImageNotFoundError} */
  start(service: CloudRunService, revision: Revision): Promise<void>;
  isUp(revision: Revision): boolean;
  /** Resolves when it has finished its requests and is gone. */
  retire(revision: Revision): Promise<void>;
}

export interface DeploymentsOptions {
  topology: ResolvedTopology;
  clock: Clock;
  registry: ServiceRegistry;
  instances: Instances;
  /** Told how each deployment ended, in a sentence. */
  notify(sentence: string): void;
}

/** A change that has been accepted. */
export interface Change {
  service: CloudRunService;
  /** Resolves when it has come into force or has failed: the service's `health` tells which. */
  settled: Promise<void>;
}

/**
 * Makes services be what is wanted of them. A new revision is started beside the one that serves; once
 * it is ready requests go there, and then the old one is stopped. If it does not get ready, everything
 * stays as it was. https://cloud.google.com/run/docs/deploying
 */
export class Deployments {
  readonly #options: DeploymentsOptions;
  #writes = 0;

  constructor(options: DeploymentsOptions) {
    this.#options = options;
  }

  /** @param creator e-mail address. The spec has been checked. @throws {ApiError} ALREADY_EXISTS */
  create(name: string, spec: ServiceSpec, creator: string): Change {
    const service = this.add(name, spec, creator);
    return { service, settled: this.#announced(service, this.#bringUp(service)) };
  }

  /** Adds a service without starting it. @throws {ApiError} ALREADY_EXISTS, INVALID_ARGUMENT */
  add(name: string, spec: ServiceSpec, creator: string): CloudRunService {
    const { topology, registry, clock } = this.#options;
    const { project, projectNumber, region } = topology;
    const resource = serviceResource(project, region, name);
    if (registry.get(resource)) {
      throw new ApiError('ALREADY_EXISTS', `Resource '${name}' already exists.`);
    }
    const uid = randomUUID();
    const complete = this.#complete(spec);
    const createdAtMs = clock.now();
    const origin = { generation: 1, creator, createdAtMs };
    const latestCreated = newRevision(name, complete.template, origin);
    requireTargets([latestCreated], spec.traffic);
    const service: CloudRunService = {
      name,
      project,
      projectNumber,
      region,
      resource,
      uid,
      generation: 1,
      version: this.#nextVersion(uid),
      createdAtMs,
      updatedAtMs: createdAtMs,
      creator,
      lastModifier: creator,
      urls: [deterministicUrl(name, topology), legacyUrl(name, topology)],
      ...complete,
      customAudiences: audiencesOf(spec),
      revisions: [latestCreated],
      latestCreated,
      latestReady: undefined,
      routes: [],
      health: { status: 'Unknown', sinceMs: createdAtMs },
    };
    registry.add(service);
    return service;
  }

  /** @param modifier e-mail address. The spec has been checked. @throws {ApiError} INVALID_ARGUMENT, ALREADY_EXISTS */
  replace(service: CloudRunService, spec: ServiceSpec, modifier: string): Change {
    const complete = this.#complete(spec);
    const hasNewTemplate = !isDeepStrictEqual(complete.template, service.template);
    const hasNewTraffic = !isDeepStrictEqual(complete.traffic, service.traffic);
    const generation = service.generation + 1;
    const now = this.#options.clock.now();
    const origin = { generation, creator: modifier, createdAtMs: now };
    const revision =
      hasNewTemplate && newRevision(service.name, complete.template, origin, service.revisions);
    const revisions = revision ? [...service.revisions, revision] : service.revisions;
    requireTargets(revisions, spec.traffic);

    Object.assign(service, complete, {
      customAudiences: audiencesOf(spec),
      version: this.#nextVersion(service.uid),
      updatedAtMs: now,
      lastModifier: modifier,
    });
    if (!revision && !hasNewTraffic) return { service, settled: Promise.resolve() };
    service.generation = generation;
    service.health = { status: 'Unknown', sinceMs: now };
    if (!revision) return { service, settled: this.#route(service) };
    service.revisions = revisions;
    service.latestCreated = revision;
    return { service, settled: this.#announced(service, this.#bringUp(service)) };
  }

  /** At once; what it resolves to is the end of its processes. */
  async delete(service: CloudRunService): Promise<void> {
    this.#options.registry.remove(service);
    await Promise.all(
      service.revisions.map((revision) => this.#options.instances.retire(revision)),
    );
  }

  /**
   * At once; what it resolves to is the end of its process.
   *
   * @throws {ApiError} FAILED_PRECONDITION while it is needed
   */
  deleteRevision(service: CloudRunService, revision: Revision): Promise<void> {
    const serves = service.routes.some((route) => route.revision === revision);
    if (serves || revision === service.latestCreated) {
      const why = serves ? 'it is serving traffic' : 'it is the latest created revision';
      throw new ApiError(
        'FAILED_PRECONDITION',
        `Revision '${revision.name}' cannot be deleted because ${why}.`,
      );
    }
    service.revisions = service.revisions.filter((other) => other !== revision);
    if (service.latestReady === revision) service.latestReady = newestReady(service);
    return this.#options.instances.retire(revision);
  }

  /** Starts a service that has been added. @throws what keeps its container from starting */
  async start(service: CloudRunService): Promise<void> {
    await this.#options.instances.start(service, service.latestCreated);
    await this.#bringUp(service);
  }

  /** As if it had been started, for a local cloud that runs no services. */
  assumeReady(service: CloudRunService): void {
    this.#isReady(service, service.latestCreated);
    service.routes = targetsOf(service);
    service.health = { status: 'True', sinceMs: this.#options.clock.now() };
  }

  async #bringUp(service: CloudRunService): Promise<void> {
    const { clock, instances, registry, notify } = this.#options;
    const revision = service.latestCreated;
    try {
      await instances.start(service, revision);
      this.#isReady(service, revision);
    } catch (error) {
      revision.health = { status: 'False', sinceMs: clock.now(), ...failureOf(error, revision) };
      if (revision !== service.latestCreated || !registry.has(service)) return;
      notify(`${revision.name} failed: ${(error as Error).message}`);
    }
    await this.#route(service);
  }

  #isReady(service: CloudRunService, revision: Revision): void {
    revision.health = { status: 'True', sinceMs: this.#options.clock.now() };
    service.latestReady = newestReady(service);
  }

  /** Sends requests where they are wanted, as soon as all is up there, and stops what has none. */
  async #route(service: CloudRunService): Promise<void> {
    const { clock, instances, registry } = this.#options;
    const { generation } = service;
    let targets = targetsOf(service);
    try {
      for (;;) {
        const missing = targets.filter(({ revision }) => !instances.isUp(revision));
        if (missing.length === 0) break;
        await Promise.all(missing.map(({ revision }) => instances.start(service, revision)));
        // It may have changed meanwhile.
        targets = targetsOf(service);
      }
    } catch (error) {
      // A later change has stopped it, and says how things are.
      if (service.generation !== generation) return;
      const [{ revision } = { revision: service.latestCreated }] = targets.filter(
        (target) => !instances.isUp(target.revision),
      );
      const { reason, message } = failureOf(error, revision);
      const sinceMs = clock.now();
      service.health = { status: 'False', sinceMs, reason, message: notReady(revision, message) };
      return;
    }
    if (registry.has(service)) service.routes = targets;
    const { latestCreated } = service;
    const { health } = latestCreated;
    service.health =
      health.status === 'False'
        ? { ...health, message: notReady(latestCreated, health.message) }
        : { status: health.status, sinceMs: clock.now() };
    const isNeeded = (revision: Revision) =>
      registry.has(service) &&
      (service.routes.some((route) => route.revision === revision) ||
        (revision === latestCreated && health.status === 'Unknown'));
    for (const revision of service.revisions) {
      if (!isNeeded(revision)) void instances.retire(revision);
    }
  }

  /** The change, reported when it has ended. */
  async #announced(service: CloudRunService, change: Promise<void>): Promise<void> {
    const revision = service.latestCreated;
    await change;
    const route = service.routes.find((candidate) => candidate.revision === revision);
    if (!route || !this.#options.registry.has(service)) return;
    this.#options.notify(
      `${revision.name} serves ${route.percent} % of the requests to ${service.urls[0]}`,
    );
  }

  #complete(spec: ServiceSpec): ServiceSpec {
    const { projectNumber } = this.#options.topology;
    const defaultAccount = defaultAccountOf(projectNumber);
    const { template } = spec;
    return {
      ...spec,
      template: { ...template, spec: withDefaults(template.spec, defaultAccount) },
    };
  }

  #nextVersion(uid: string): string {
    this.#writes += 1;
    return versionOf(uid, this.#writes);
  }
}

/** The account that Cloud Run takes if nobody names one. */
export function defaultAccountOf(projectNumber: string): string {
  return `${projectNumber}-compute@developer.gserviceaccount.com`;
}

function newestReady({ revisions }: CloudRunService): Revision | undefined {
  return revisions.findLast(({ health }) => health.status === 'True');
}

function audiencesOf({ annotations }: ServiceSpec): string[] {
  return customAudiencesIn(annotations[annotationNames.customAudiences] ?? '') ?? [];
}

import { createHash } from 'node:crypto';
import type { RevisionSpec, RevisionTemplate, ServiceSpec } from './service-spec.ts';

/** How a revision, or the service's latest change, is doing. */
export type Health =
  | { status: 'Unknown'; sinceMs: number }
  | { status: 'True'; sinceMs: number }
  | { status: 'False'; sinceMs: number; reason: string; message: string };

/** What a service runs: replaced, never changed, https://cloud.google.com/run/docs/managing/revisions */
export interface Revision {
  /** Also the container's `K_REVISION`. */
  readonly name: string;
  readonly uid: string;
  /** The service's generation that it was made from. */
  readonly generation: number;
  /** Milliseconds since the Unix epoch. */
  readonly createdAtMs: number;
  /** E-mail address of who deployed it. */
  readonly creator: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** With what Cloud Run takes where nothing is said. */
  readonly spec: RevisionSpec;
  /** E-mail address of the account that it runs as. */
  readonly serviceAccount: string;
  health: Health;
}

/** A part of the traffic, as it is. */
export interface TrafficStatus {
  revision: Revision;
  percent: number;
  latestRevision: boolean;
}

/** A Cloud Run service. */
export interface CloudRunService extends ServiceSpec {
  readonly name: string;
  readonly project: string;
  readonly projectNumber: string;
  readonly region: string;
  /** Full resource name. */
  readonly resource: string;
  readonly uid: string;
  /** Counts the changes of what is wanted, from 1. */
  generation: number;
  /** Changes with every write: `resourceVersion` in v1, `etag` in v2. */
  version: string;
  /** Milliseconds since the Unix epoch. */
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** E-mail addresses of who deployed it first, and last. */
  readonly creator: string;
  lastModifier: string;
  /** The deterministic URL first, then the legacy one. */
  readonly urls: readonly string[];
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  template: RevisionTemplate;
  traffic: ServiceSpec['traffic'];
  customAudiences: readonly string[];
  /** Oldest first; those that were deleted are gone. */
  revisions: readonly Revision[];
  latestCreated: Revision;
  /** Of the ready ones the newest. */
  latestReady: Revision | undefined;
  /** Where requests go now. */
  routes: readonly TrafficStatus[];
  /** Of the latest change as a whole. */
  health: Health;
}

/** The Cloud Run services that exist, for the Admin API and for the front door. */
export class ServiceRegistry {
  readonly #services = new Map<string, CloudRunService>();

  /** @param resource full resource name */
  get(resource: string): CloudRunService | undefined {
    return this.#services.get(resource);
  }

  list(): CloudRunService[] {
    return [...this.#services.values()];
  }

  add(service: CloudRunService): void {
    this.#services.set(service.resource, service);
  }

  /** Whether the service is this one, and not another that has been made since with its name. */
  has(service: CloudRunService): boolean {
    return this.#services.get(service.resource) === service;
  }

  remove({ resource }: CloudRunService): void {
    this.#services.delete(resource);
  }
}

/** Differs with every write of a service. */
export function versionOf(uid: string, write: number): string {
  const digest = createHash('sha256').update(`${uid} ${write}`).digest();
  return `AAY${digest.subarray(0, 6).toString('base64url')}`;
}

/** The revision that most requests go to; before there is one, the one that is being started. */
export function servingRevision({ routes, latestCreated }: CloudRunService): Revision {
  const [first] = [...routes].sort((a, b) => b.percent - a.percent);
  return first?.revision ?? latestCreated;
}

import { invalidArgument } from '../network/api-error.ts';
import type { CloudRunService, Revision, TrafficStatus } from './service-registry.ts';
import type { ServiceSpec } from './service-spec.ts';

/** Where requests should go, as far as there is something ready: one target per revision. */
export function targetsOf({
  traffic,
  latestReady,
  revisions,
}: Pick<CloudRunService, 'traffic' | 'latestReady' | 'revisions'>): TrafficStatus[] {
  const targets = new Map<Revision, TrafficStatus>();
  for (const { revisionName: name, percent = 0 } of traffic) {
    const revision = name ? revisions.find((candidate) => candidate.name === name) : latestReady;
    if (!revision || percent === 0) continue;
    const before = targets.get(revision)?.percent ?? 0;
    targets.set(revision, { revision, percent: before + percent, latestRevision: !name });
  }
  return [...targets.values()];
}

/** That the traffic goes to revisions that there are. @throws {ApiError} INVALID_ARGUMENT */
export function requireTargets(
  revisions: readonly Revision[],
  traffic: ServiceSpec['traffic'],
): void {
  for (const { revisionName: name } of traffic) {
    if (!name || revisions.some((revision) => revision.name === name)) continue;
    throw invalidArgument(`spec.traffic: Revision '${name}' was not found.`);
  }
}

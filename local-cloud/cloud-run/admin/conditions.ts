import { rfc3339 } from '../../rest/rfc3339.ts';
import { notReady } from '../deployment-failure.ts';
import type { CloudRunService, Health, Revision } from '../service-registry.ts';

/** One of the conditions of a service or revision, in Knative's words. */
export interface Condition {
  type: string;
  status: Health['status'];
  lastTransitionTime: string;
  reason?: string;
  message?: string;
}

/** gcloud waits for all three, and shows the message of the first. */
export function serviceConditions(service: CloudRunService): Condition[] {
  const { health, routes, latestCreated } = service;
  const failed = latestCreated.health;
  const configuration: Health =
    failed.status === 'False'
      ? { ...failed, message: notReady(latestCreated, failed.message) }
      : failed;
  // What served before goes on serving when a revision fails.
  const hasOldRoutes = failed.status === 'False' && routes.length > 0;
  return [
    condition('Ready', health),
    condition('ConfigurationsReady', configuration),
    condition('RoutesReady', hasOldRoutes ? { ...health, status: 'True' } : health),
  ];
}

export function revisionConditions({ health }: Revision): Condition[] {
  return ['Ready', 'Active', 'ContainerHealthy', 'ResourcesAvailable'].map((type) =>
    condition(type, health),
  );
}

function condition(type: string, health: Health): Condition {
  const { status, sinceMs } = health;
  return {
    type,
    status,
    lastTransitionTime: rfc3339(sinceMs),
    ...(health.status === 'False' && { reason: health.reason, message: health.message }),
    ...(status === 'Unknown' && { reason: 'Deploying' }),
  };
}

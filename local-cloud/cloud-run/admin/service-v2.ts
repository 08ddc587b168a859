import type { CloudRunService } from '../service-registry.ts';
import { knativeRevisionSpec } from './knative-revision.ts';
import { timestamp } from './timestamp.ts';

/** A service as v2 shows it, https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services */
export function serviceV2(service: CloudRunService) {
  const { name, project, region, generation, creator, urls, customAudiences, revision } = service;
  const resourceName = `projects/${project}/locations/${region}/services/${name}`;
  const spec = knativeRevisionSpec(service);
  const since = timestamp(service.createdAtMs);
  const succeeded = (type: string) => ({
    type,
    state: 'CONDITION_SUCCEEDED',
    lastTransitionTime: since,
  });
  const revisionName = `${resourceName}/revisions/${revision.name}`;
  return {
    name: resourceName,
    uid: service.uid,
    generation: String(generation),
    createTime: since,
    updateTime: since,
    creator,
    lastModifier: creator,
    ingress: 'INGRESS_TRAFFIC_ALL',
    launchStage: 'GA',
    template: {
      serviceAccount: spec.serviceAccountName,
      containers: spec.containers,
      timeout: `${spec.timeoutSeconds}s`,
      maxInstanceRequestConcurrency: spec.containerConcurrency,
      scaling: {},
    },
    traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
    ...(customAudiences.length > 0 && { customAudiences }),
    observedGeneration: String(generation),
    terminalCondition: succeeded('Ready'),
    conditions: ['RoutesReady', 'ConfigurationsReady'].map(succeeded),
    latestReadyRevision: revisionName,
    latestCreatedRevision: revisionName,
    trafficStatuses: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
    urls,
    uri: urls.at(-1),
    reconciling: false,
    etag: `"${service.version}"`,
  };
}

import { rfc3339 } from '../../rest/rfc3339.ts';
import type { CloudRunService, Health, Revision } from '../service-registry.ts';
import { annotationNames as names } from '../service-spec.ts';
import { type Condition, revisionConditions, serviceConditions } from './conditions.ts';
import { ingressByName, toLatest, toRevision } from './service-v2-schema.ts';
import { v2Annotations } from './spec-of-v2.ts';
import { templateV2 } from './template-v2.ts';

/** A service as v2 shows it, https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services */
export function serviceV2(service: CloudRunService) {
  const { generation, creator, urls, customAudiences, latestReady, health, annotations } = service;
  const resourceName = nameOf(service);
  const [ready, ...conditions] = serviceConditions(service).map(conditionV2);
  const revisionName = ({ name }: Revision) => `${resourceName}/revisions/${name}`;
  const ingress = annotations[names.ingress] as keyof typeof ingressByName | undefined;
  const description = annotations[v2Annotations.description];
  const client = annotations[v2Annotations.client];
  const clientVersion = annotations[v2Annotations.clientVersion];
  return {
    name: resourceName,
    ...(description && { description }),
    uid: service.uid,
    generation: String(generation),
    ...(Object.keys(service.labels).length > 0 && { labels: service.labels }),
    createTime: rfc3339(service.createdAtMs),
    updateTime: rfc3339(service.updatedAtMs),
    creator,
    lastModifier: service.lastModifier,
    ...(client && { client }),
    ...(clientVersion && { clientVersion }),
    ingress: ingressByName[ingress ?? 'all'],
    launchStage: annotations[v2Annotations.launchStage] ?? 'GA',
    template: templateV2(service.template),
    traffic: service.traffic.map(({ revisionName: revision, percent, tag }) => ({
      ...(revision ? { type: toRevision, revision } : { type: toLatest }),
      percent,
      ...(tag && { tag }),
    })),
    scaling: scalingOf(annotations),
    ...(/^true$/i.test(annotations[names.invokerIamDisabled] ?? '') && {
      invokerIamDisabled: true,
    }),
    ...(customAudiences.length > 0 && { customAudiences }),
    observedGeneration: String(generation),
    terminalCondition: ready,
    conditions,
    ...(latestReady && { latestReadyRevision: revisionName(latestReady) }),
    latestCreatedRevision: revisionName(service.latestCreated),
    trafficStatuses: service.routes.map(({ revision, percent, latestRevision }) => ({
      ...(latestRevision ? { type: toLatest } : { type: toRevision, revision: revision.name }),
      percent,
    })),
    urls,
    uri: urls.at(-1),
    reconciling: health.status === 'Unknown',
    etag: `"${service.version}"`,
  };
}

/** https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.revisions */
export function revisionV2(service: CloudRunService, revision: Revision) {
  const { labels, annotations, spec } = revision;
  const { revision: _, ...template } = templateV2({ metadata: { labels, annotations }, spec });
  return {
    name: `${nameOf(service)}/revisions/${revision.name}`,
    uid: revision.uid,
    generation: '1',
    service: service.name,
    createTime: rfc3339(revision.createdAtMs),
    updateTime: rfc3339(revision.health.sinceMs),
    creator: revision.creator,
    launchStage: 'GA',
    ...template,
    observedGeneration: '1',
    conditions: revisionConditions(revision).map(conditionV2),
    reconciling: revision.health.status === 'Unknown',
    etag: `"${service.version}"`,
  };
}

export function nameOf({ project, region, name }: CloudRunService): string {
  return `projects/${project}/locations/${region}/services/${name}`;
}

function scalingOf(annotations: Readonly<Record<string, string>>): object {
  const minimum = annotations[v2Annotations.minInstances];
  const maximum = annotations[v2Annotations.maxInstances];
  return {
    ...(minimum && { minInstanceCount: Number(minimum) }),
    ...(maximum && { maxInstanceCount: Number(maximum) }),
  };
}

const states: Record<Health['status'], string> = {
  True: 'CONDITION_SUCCEEDED',
  False: 'CONDITION_FAILED',
  Unknown: 'CONDITION_RECONCILING',
};

function conditionV2({ type, status, lastTransitionTime, message, reason }: Condition) {
  return {
    type,
    state: states[status],
    lastTransitionTime,
    ...(message !== undefined && { message }),
    // Of the reasons of v1 this is the only one that v2 has by another name.
    ...(reason === 'ContainerMissing' && { reason: 'CONTAINER_MISSING' }),
  };
}

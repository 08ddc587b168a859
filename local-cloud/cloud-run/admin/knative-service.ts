import { z } from 'zod';
import { rfc3339 } from '../../rest/rfc3339.ts';
import type { CloudRunService } from '../service-registry.ts';
import {
  allToLatest,
  annotationNames,
  revisionTemplateSchema,
  type ServiceSpec,
  trafficTargetSchema,
} from '../service-spec.ts';
import { serviceConditions } from './conditions.ts';

/** What Cloud Run writes itself, and clients send back as they have read it. */
const ownAnnotations = [
  'serving.knative.dev/creator',
  'serving.knative.dev/lastModifier',
  'run.googleapis.com/ingress-status',
  'run.googleapis.com/operation-id',
  'run.googleapis.com/urls',
] as const;
const location = 'cloud.googleapis.com/location';

const texts = z.record(z.string(), z.string()).default({});

/** A service as clients of v1 send it. */
export const knativeServiceSchema = z.looseObject({
  apiVersion: z.literal('serving.knative.dev/v1'),
  kind: z.literal('Service'),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: texts,
    annotations: texts,
    resourceVersion: z.string().optional(),
  }),
  spec: z.looseObject({
    template: revisionTemplateSchema,
    traffic: z.array(trafficTargetSchema).optional(),
  }),
});

export function specOfKnative({
  metadata: { labels, annotations },
  spec: { template, traffic = [] },
}: z.output<typeof knativeServiceSchema>): ServiceSpec {
  return {
    labels: without(labels, [location]),
    annotations: without(annotations, ownAnnotations),
    template,
    traffic: traffic.length > 0 ? traffic : allToLatest,
  };
}

/**
 * A service as v1 shows it, https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services.
 * gcloud waits for `observedGeneration` and the three conditions, and reads the URLs from the annotation.
 */
export function knativeService(service: CloudRunService) {
  const { name, projectNumber, generation, urls, latestReady, routes } = service;
  const url = urls.at(-1);
  const ingress = service.annotations[annotationNames.ingress] ?? 'all';
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: projectNumber,
      selfLink: `/apis/serving.knative.dev/v1/namespaces/${projectNumber}/services/${name}`,
      uid: service.uid,
      resourceVersion: service.version,
      generation,
      creationTimestamp: rfc3339(service.createdAtMs),
      labels: { ...service.labels, [location]: service.region },
      annotations: {
        ...service.annotations,
        'serving.knative.dev/creator': service.creator,
        'serving.knative.dev/lastModifier': service.lastModifier,
        [annotationNames.ingress]: ingress,
        'run.googleapis.com/ingress-status': ingress,
        'run.googleapis.com/urls': JSON.stringify(urls),
      },
    },
    spec: { template: service.template, traffic: service.traffic },
    status: {
      observedGeneration: generation,
      conditions: serviceConditions(service),
      ...(latestReady && { latestReadyRevisionName: latestReady.name }),
      latestCreatedRevisionName: service.latestCreated.name,
      traffic: routes.map(({ revision, percent, latestRevision }) => ({
        revisionName: revision.name,
        percent,
        ...(latestRevision && { latestRevision }),
      })),
      url,
      address: { url },
    },
  };
}

function without(
  entries: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));
}

import type { CloudRunService } from '../service-registry.ts';
import { knativeRevisionSpec } from './knative-revision.ts';
import { timestamp } from './timestamp.ts';

/**
 * A service as v1 shows it, https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services.
 * gcloud waits for `observedGeneration` and the three conditions, and reads the URLs from the annotation.
 */
export function knativeService(service: CloudRunService) {
  const { name, projectNumber, region, generation, creator, urls, customAudiences } = service;
  const since = timestamp(service.createdAtMs);
  const isTrue = (type: string) => ({ type, status: 'True', lastTransitionTime: since });
  const revisionName = service.revision.name;
  const url = urls.at(-1);
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
      creationTimestamp: since,
      labels: { 'cloud.googleapis.com/location': region },
      annotations: {
        'serving.knative.dev/creator': creator,
        'serving.knative.dev/lastModifier': creator,
        'run.googleapis.com/ingress': 'all',
        'run.googleapis.com/ingress-status': 'all',
        'run.googleapis.com/urls': JSON.stringify(urls),
        ...(customAudiences.length > 0 && {
          'run.googleapis.com/custom-audiences': JSON.stringify(customAudiences),
        }),
      },
    },
    spec: {
      template: { metadata: {}, spec: knativeRevisionSpec(service) },
      traffic: [{ latestRevision: true, percent: 100 }],
    },
    status: {
      observedGeneration: generation,
      conditions: ['Ready', 'ConfigurationsReady', 'RoutesReady'].map(isTrue),
      latestReadyRevisionName: revisionName,
      latestCreatedRevisionName: revisionName,
      traffic: [{ revisionName, percent: 100, latestRevision: true }],
      url,
      address: { url },
    },
  };
}

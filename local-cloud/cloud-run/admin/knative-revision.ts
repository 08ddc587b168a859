import type { CloudRunService } from '../service-registry.ts';
import { timestamp } from './timestamp.ts';

/** What Cloud Run takes if nobody says otherwise; shown to clients, and limits nothing here. */
const defaults = {
  containerConcurrency: 80,
  timeoutSeconds: 300,
  resources: { limits: { cpu: '1000m', memory: '512Mi' } },
  port: { name: 'http1', containerPort: 8080 },
};

/** https://cloud.google.com/run/docs/reference/rest/v1/RevisionSpec */
export function knativeRevisionSpec({ revision }: CloudRunService) {
  const { serviceAccount, environment, image } = revision;
  return {
    containerConcurrency: defaults.containerConcurrency,
    timeoutSeconds: defaults.timeoutSeconds,
    serviceAccountName: serviceAccount,
    containers: [
      {
        image,
        ports: [defaults.port],
        env: Object.entries(environment).map(([name, value]) => ({ name, value })),
        resources: defaults.resources,
      },
    ],
  };
}

/** The labels that revisions are found by. */
export function revisionLabels({ name, region, uid, revision }: CloudRunService) {
  return {
    'cloud.googleapis.com/location': region,
    'serving.knative.dev/configuration': name,
    'serving.knative.dev/configurationGeneration': String(revision.generation),
    'serving.knative.dev/route': name,
    'serving.knative.dev/service': name,
    'serving.knative.dev/serviceUid': uid,
  };
}

/** A service's revision as v1 shows it, https://cloud.google.com/run/docs/reference/rest/v1/namespaces.revisions */
export function knativeRevision(service: CloudRunService) {
  const { projectNumber, version, creator, revision } = service;
  const since = timestamp(revision.createdAtMs);
  const isTrue = (type: string) => ({ type, status: 'True', lastTransitionTime: since });
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      name: revision.name,
      namespace: projectNumber,
      selfLink: `/apis/serving.knative.dev/v1/namespaces/${projectNumber}/revisions/${revision.name}`,
      uid: revision.uid,
      resourceVersion: version,
      generation: 1,
      creationTimestamp: since,
      labels: revisionLabels(service),
      annotations: { 'serving.knative.dev/creator': creator },
    },
    spec: knativeRevisionSpec(service),
    status: {
      observedGeneration: 1,
      conditions: ['Ready', 'Active', 'ContainerHealthy', 'ResourcesAvailable'].map(isTrue),
      containerStatuses: [{ imageDigest: revision.image }],
      imageDigest: revision.image,
    },
  };
}

import { rfc3339 } from '../../rest/rfc3339.ts';
import type { CloudRunService, Revision } from '../service-registry.ts';
import { revisionConditions } from './conditions.ts';

/** A revision as v1 shows it, https://cloud.google.com/run/docs/reference/rest/v1/namespaces.revisions */
export function knativeRevision(service: CloudRunService, revision: Revision) {
  const { name, projectNumber, region } = service;
  const image = revision.spec.containers[0]?.image;
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      name: revision.name,
      namespace: projectNumber,
      selfLink: `/apis/serving.knative.dev/v1/namespaces/${projectNumber}/revisions/${revision.name}`,
      uid: revision.uid,
      resourceVersion: service.version,
      generation: 1,
      creationTimestamp: rfc3339(revision.createdAtMs),
      labels: {
        ...revision.labels,
        'cloud.googleapis.com/location': region,
        'serving.knative.dev/configuration': name,
        'serving.knative.dev/configurationGeneration': String(revision.generation),
        'serving.knative.dev/route': name,
        'serving.knative.dev/service': name,
        'serving.knative.dev/serviceUid': service.uid,
      },
      annotations: { ...revision.annotations, 'serving.knative.dev/creator': revision.creator },
      ownerReferences: [
        {
          apiVersion: 'serving.knative.dev/v1',
          kind: 'Configuration',
          name,
          uid: service.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: revision.spec,
    status: {
      observedGeneration: 1,
      conditions: revisionConditions(revision),
      containerStatuses: [{ imageDigest: image }],
      imageDigest: image,
    },
  };
}

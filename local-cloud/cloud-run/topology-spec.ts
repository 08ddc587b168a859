import type { ResolvedService } from '../../deploy/topology.ts';
import { allToLatest, annotationNames, type ServiceSpec } from './service-spec.ts';

/** A service of the topology as its deployment would say it. */
export function specOfTopology(service: ResolvedService, imagePrefix: string): ServiceSpec {
  const { customAudiences, environment, resources } = service;
  return {
    labels: {},
    annotations: {
      [annotationNames.ingress]: service.ingress,
      ...(customAudiences.length > 0 && {
        [annotationNames.customAudiences]: JSON.stringify(customAudiences),
      }),
    },
    template: {
      metadata: {
        annotations: {
          [annotationNames.maxScale]: String(service.maxInstances),
          ...(service.minInstances > 0 && {
            [annotationNames.minScale]: String(service.minInstances),
          }),
        },
      },
      spec: {
        containerConcurrency: service.concurrency,
        timeoutSeconds: service.timeoutSeconds,
        serviceAccountName: service.serviceAccount,
        containers: [
          {
            image: `${imagePrefix}/${service.image}`,
            env: Object.entries(environment).map(([name, value]) => ({ name, value })),
            resources: { limits: { ...resources } },
          },
        ],
      },
    },
    traffic: allToLatest,
  };
}

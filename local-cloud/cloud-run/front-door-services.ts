import type { FrontDoorService } from './front-door.ts';
import type { ServiceFleet } from './service-fleet.ts';
import { type CloudRunService, type Revision, servingRevision } from './service-registry.ts';
import { annotationNames, isInvokerCheckOff } from './service-spec.ts';

/**
 * The services as the front door sees them now.
 *
 * @param random from 0 to below 1, decides which revision gets a request where several do
 */
export function frontDoorServices(
  services: readonly CloudRunService[],
  fleet: Pick<ServiceFleet, 'instanceOf'>,
  random: () => number = Math.random,
): FrontDoorService[] {
  return services.map((service) => {
    const { name, resource, urls, customAudiences, annotations } = service;
    const { timeoutSeconds = 300 } = servingRevision(service).spec;
    return {
      name,
      resource,
      urls,
      customAudiences,
      isInternal: (annotations[annotationNames.ingress] ?? 'all') !== 'all',
      isOpen: isInvokerCheckOff(service),
      requestTimeoutMs: timeoutSeconds * 1000,
      instance: () => {
        const revision = chosen(service, random());
        return revision && fleet.instanceOf(revision);
      },
    };
  });
}

function chosen({ routes }: CloudRunService, at: number): Revision | undefined {
  let passed = 0;
  for (const { revision, percent } of routes) {
    passed += percent;
    if (at * 100 < passed) return revision;
  }
  return routes.at(-1)?.revision;
}

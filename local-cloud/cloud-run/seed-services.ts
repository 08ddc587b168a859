import type { ResolvedTopology } from '../../deploy/topology.ts';
import type { ArtifactRegistry } from '../artifact-registry/artifact-registry.ts';
import type { Deployments } from './deployments.ts';
import { specOfTopology } from './topology-spec.ts';

/** The repository that the images of a deployment are in. */
const repository = 'services';

/** Adds the topology's services and their images, as if its deployer had just deployed them. */
export function seedServices({
  topology,
  images,
  deployments,
}: {
  topology: ResolvedTopology;
  images: ArtifactRegistry;
  deployments: Deployments;
}): void {
  const { project, region: location, services, deployer } = topology;
  if (services.length === 0) return;
  images.create({ project, location, id: repository });
  const prefix = `${location}-docker.pkg.dev/${project}/${repository}`;
  for (const image of new Set(services.map((service) => service.image))) {
    images.push(`${prefix}/${image}`);
  }
  const creator = deployer.slice(deployer.indexOf(':') + 1);
  for (const service of services) {
    deployments.assumeReady(
      deployments.add(service.name, specOfTopology(service, prefix), creator),
    );
  }
}

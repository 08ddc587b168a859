import { loadTopology, type Topology } from '../../deploy/topology.ts';

/** The topology with the one variable that the images set themselves. */
export function productionTopology(): Topology {
  const topology = loadTopology();
  const services = Object.entries(topology.services).map(([name, service]) => [
    name,
    { ...service, environment: { ...service.environment, NODE_ENV: 'production' } },
  ]);
  return { ...topology, services: Object.fromEntries(services) };
}

/** What `npm run build` makes of a service, relative to the project's folder: the program in its image. */
export function bundleOf(image: string): string | undefined {
  const name = /(?:^|\/)(caller|receiver)(?:[:@]|$)/.exec(image)?.[1];
  return name && `dist/${name}.cjs`;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTopology, type Topology } from '../../deploy/topology.ts';
import { readImageConfig } from '../harness/image.ts';

const root = join(import.meta.dirname, '../..');

/** The topology, with what the images set themselves: variables, and arguments for Node. */
export function productionTopology(): Topology {
  const topology = loadTopology();
  const services = Object.entries(topology.services).map(([name, service]) => {
    const { args, environment } = imageOf(service.image ?? name);
    const imposed = { ...environment, NODE_OPTIONS: nodeOptions(args.slice(0, -1)) };
    return [name, { ...service, environment: { ...service.environment, ...imposed } }];
  });
  return { ...topology, services: Object.fromEntries(services) };
}

/** What `npm run build` makes of a service, relative to the project's folder: the program in its image. */
export function bundleOf(image: string): string | undefined {
  const name = /(?:^|\/)(caller|receiver)(?:[:@]|$)/.exec(image)?.[1];
  return name && `dist/${name}.cjs`;
}

/** Node's arguments as a variable, which takes some of V8's only by way of the program. */
function nodeOptions(args: readonly string[]): string {
  const inVariable = (arg: string) => process.allowedNodeEnvironmentFlags.has(arg);
  const flags = JSON.stringify(args.filter((arg) => !inVariable(arg)).join(' '));
  const setFlags = `import{setFlagsFromString}from'node:v8';setFlagsFromString(${flags})`;
  const setter = `--import=data:text/javascript,${encodeURIComponent(setFlags)}`;
  return [...args.filter(inVariable), setter].join(' ');
}

function imageOf(name: string) {
  return readImageConfig(readFileSync(join(root, `Dockerfile.${name}`), 'utf8'), root);
}

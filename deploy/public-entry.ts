import { UsageError } from './command-line.ts';
import type { Topology } from './topology.ts';

/**
 * `topology` with the service that people start with open to everybody: the one that the deployer invokes
 * and, as far as can be seen, no other service. (A group may hold accounts of services.) The others stay
 * as they are.
 * @throws {UsageError} if there is none, or several: nothing is opened by guessing
 */
export function withPublicEntry(topology: Topology): Topology {
  const entries = Object.entries(topology.services).filter(
    ([, { invokers }]) =>
      invokers.includes('deployer') &&
      !invokers.some((member) => /^(?:service|serviceAccount|group):/.test(member)),
  );
  const [entry, ...others] = entries;
  if (!entry || others.length > 0) {
    const found = entries.map(([name]) => name).join(', ') || 'none';
    throw new UsageError(
      `--public-caller is for the one service that only the deployer invokes; here that is: ${found}. Instead, write allUsers among the invokers of the one that you mean, in the topology.`,
    );
  }
  const [name, service] = entry;
  const open = { ...service, invokers: [...new Set([...service.invokers, 'allUsers'])] };
  return { ...topology, services: { ...topology.services, [name]: open } };
}

import { UsageError } from './command-line.ts';
import type { Topology } from './topology.ts';

/**
 * `topology` with the service that people start with open to everybody: the one that no other service
 * invokes. The others stay as they are.
 * @throws {UsageError} if there is none
 */
export function withPublicEntry(topology: Topology): Topology {
  const entry = Object.entries(topology.services).find(([, { invokers }]) =>
    invokers.every((member) => !member.startsWith('service:')),
  );
  if (!entry) {
    throw new UsageError('--public-caller: there is no service that no other service invokes.');
  }
  const [name, service] = entry;
  const open = { ...service, invokers: [...new Set([...service.invokers, 'allUsers'])] };
  return { ...topology, services: { ...topology.services, [name]: open } };
}

import type { ResolvedTopology } from '../../deploy/topology.ts';
import type { GroupDirectory } from './members.ts';

/** The groups and domains that the topology declares. */
export function topologyDirectory({
  groups,
  domains,
}: Pick<ResolvedTopology, 'groups' | 'domains'>): GroupDirectory {
  const membersOf = new Map(Object.entries(groups));
  return {
    membersOf: (email) => membersOf.get(email) ?? [],
    hasGroup: (email) => membersOf.has(email),
    hasDomain: (domain) => domains.includes(domain),
  };
}

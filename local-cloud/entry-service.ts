import type { ResolvedTopology } from '../deploy/topology.ts';

/** The service that people start with: one that no other service invokes. */
export function entryService({ services }: ResolvedTopology): string {
  const entry = services.find(({ invokers }) =>
    services.every(({ serviceAccount }) => !invokers.includes(`serviceAccount:${serviceAccount}`)),
  );
  return (entry ?? services[0])?.name ?? '';
}

import type { ResolvedTopology } from '../../deploy/topology.ts';
import type { ServiceAccounts } from './service-accounts.ts';

/**
 * The accounts that are there from the start: one per service, and the one that Compute Engine makes in
 * every project and that Cloud Run takes if nobody names another.
 * https://cloud.google.com/iam/docs/service-account-types#default
 */
export function seedAccounts(accounts: ServiceAccounts, topology: ResolvedTopology): void {
  const { project, projectNumber } = topology;
  for (const { name, serviceAccount } of topology.services) {
    accounts.seed(project, serviceAccount, name);
  }
  accounts.seed(
    project,
    `${projectNumber}-compute@developer.gserviceaccount.com`,
    'Compute Engine default service account',
  );
}

import type { ResolvedTopology } from '../deploy/topology.ts';
import { ArtifactRegistry } from './artifact-registry/artifact-registry.ts';
import type { Clock } from './clock.ts';
import { Builds } from './cloud-build/builds.ts';
import { ServiceRegistry } from './cloud-run/service-registry.ts';
import type { Faults } from './faults/faults.ts';
import { CustomRoles } from './iam/custom-roles.ts';
import { Iam } from './iam/iam.ts';
import { seedAccounts } from './iam/seed-accounts.ts';
import {
  deployerProjectRoles,
  developerProjectRoles,
  seedFromTopology,
} from './iam/seed-from-topology.ts';
import { ServiceAccounts } from './iam/service-accounts.ts';
import { topologyDirectory } from './iam/topology-directory.ts';
import { Operations } from './operations/operations.ts';
import { startPubsub } from './pubsub/start-pubsub.ts';
import type { Notify } from './rest/rest-api.ts';
import type { Rollback } from './rollback.ts';
import { EnabledApis, ofEnabledApis } from './service-usage/enabled-apis.ts';
import { Buckets } from './storage/buckets.ts';
import { bearerAuthentication } from './tokens/bearer-authentication.ts';
import { startTokenServices } from './tokens/token-services.ts';

/** What Google keeps of a project. */
export type GoogleState = Awaited<ReturnType<typeof createGoogleState>>;

/**
 * Everything that Google keeps: policies, accounts, roles, keys and tokens, topics, images and the
 * list of services. Nobody can reach it yet, apart from the metadata servers of the accounts.
 *
 * @param options.empty a project in which nothing has been made, and whose developer may deploy
 */
export async function createGoogleState(options: {
  topology: ResolvedTopology;
  empty: boolean;
  clock: Clock;
  faults: Faults;
  notify: Notify;
  rollback: Rollback;
}) {
  const { topology, empty, clock, faults, notify, rollback } = options;
  const roles = new CustomRoles(clock);
  const iam = new Iam({ clock, roles, directory: topologyDirectory(topology) });
  const accounts = new ServiceAccounts({ clock, policies: iam.policies });
  seedAccounts(accounts, topology);
  iam.useAccounts(accounts);
  const projectRoles = empty ? deployerProjectRoles : developerProjectRoles;
  seedFromTopology(iam.policies, topology, projectRoles);

  const tokens = await startTokenServices({ topology, clock, faults, accounts, notify });
  rollback.add(tokens.stop);
  const apis = new EnabledApis(empty ? 'none' : 'all');
  const authenticate = ofEnabledApis(
    bearerAuthentication({ tokens: tokens.apiTokens, accounts, notify }),
    { apis, projectNumber: topology.projectNumber, notify },
  );
  const pubsub = startPubsub({ topology, clock, iam, authenticate, faults, onNotice: notify });
  rollback.add(pubsub.stop);

  return {
    topology,
    clock,
    iam,
    accounts,
    roles,
    tokens,
    apis,
    authenticate,
    pubsub,
    images: new ArtifactRegistry(clock),
    registry: new ServiceRegistry(),
    operations: new Operations(),
    buckets: new Buckets(clock),
    builds: new Builds(),
    faults,
    notify,
  };
}

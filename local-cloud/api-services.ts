import type { ResolvedTopology } from '../deploy/topology.ts';
import type { ArtifactRegistry } from './artifact-registry/artifact-registry.ts';
import type { Clock } from './clock.ts';
import type { Builds } from './cloud-build/builds.ts';
import type { Deployments } from './cloud-run/deployments.ts';
import type { ServiceRegistry } from './cloud-run/service-registry.ts';
import type { CustomRoles } from './iam/custom-roles.ts';
import type { Iam } from './iam/iam.ts';
import type { ServiceAccountKeys } from './iam/service-account-keys.ts';
import type { ServiceAccounts } from './iam/service-accounts.ts';
import type { Operations } from './operations/operations.ts';
import type { Notify } from './rest/rest-api.ts';
import type { EnabledApis } from './service-usage/enabled-apis.ts';
import type { Buckets } from './storage/buckets.ts';
import type { AccessTokens } from './tokens/access-tokens.ts';
import type { IdTokens } from './tokens/id-tokens.ts';

/** What the methods of Google's APIs are made of; each declares which of it. */
export interface ApiServices {
  topology: ResolvedTopology;
  clock: Clock;
  iam: Iam;
  accounts: ServiceAccounts;
  accountKeys: ServiceAccountKeys;
  roles: CustomRoles;
  registry: ServiceRegistry;
  deployments: Deployments;
  operations: Operations;
  /** Those that the project has switched on. */
  apis: EnabledApis;
  images: ArtifactRegistry;
  buckets: Buckets;
  builds: Builds;
  accessTokens: AccessTokens;
  idTokens: IdTokens;
  notify: Notify;
}

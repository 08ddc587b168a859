import type { ResolvedTopology } from '../deploy/topology.ts';
import type { Clock } from './clock.ts';
import type { ServiceRegistry } from './cloud-run/service-registry.ts';
import type { CustomRoles } from './iam/custom-roles.ts';
import type { Iam } from './iam/iam.ts';
import type { ServiceAccountKeys } from './iam/service-account-keys.ts';
import type { ServiceAccounts } from './iam/service-accounts.ts';
import type { Notify } from './rest/rest-api.ts';
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
  accessTokens: AccessTokens;
  idTokens: IdTokens;
  notify: Notify;
}

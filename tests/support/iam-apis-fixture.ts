import { loadTopology, resolveTopology } from '../../deploy/topology.ts';
import { iamAdminMethods } from '../../local-cloud/iam/admin/iam-admin.ts';
import { CustomRoles } from '../../local-cloud/iam/custom-roles.ts';
import { Iam } from '../../local-cloud/iam/iam.ts';
import { seedAccounts } from '../../local-cloud/iam/seed-accounts.ts';
import { seedFromTopology } from '../../local-cloud/iam/seed-from-topology.ts';
import { ServiceAccountKeys } from '../../local-cloud/iam/service-account-keys.ts';
import { ServiceAccounts } from '../../local-cloud/iam/service-accounts.ts';
import { iamCredentialsMethods } from '../../local-cloud/iam-credentials/iam-credentials.ts';
import { defaults } from '../../local-cloud/options.ts';
import { restApi } from '../../local-cloud/rest/rest-api.ts';
import { AccessTokens, type TokenHolder } from '../../local-cloud/tokens/access-tokens.ts';
import { IdTokens } from '../../local-cloud/tokens/id-tokens.ts';
import { SigningKeys } from '../../local-cloud/tokens/signing-keys.ts';
import { serve } from './network.ts';
import { standingClock } from './standing-clock.ts';

const developer = `user:${defaults.developer}` as const;

/** `iam.googleapis.com` and `iamcredentials.googleapis.com`; everybody is who they say they are. */
export async function startIamApis() {
  const clock = standingClock();
  const topology = resolveTopology(loadTopology(), { ...defaults, deployer: developer });
  const roles = new CustomRoles(clock);
  const iam = new Iam({ clock, roles });
  const accounts = new ServiceAccounts({ clock, policies: iam.policies });
  iam.useAccounts(accounts);
  seedAccounts(accounts, topology);
  seedFromTopology(iam.policies, topology);
  const keys = await SigningKeys.create(clock);
  const notices: string[] = [];
  const services = {
    topology,
    clock,
    iam,
    accounts,
    accountKeys: new ServiceAccountKeys(clock),
    roles,
    accessTokens: new AccessTokens(clock),
    idTokens: new IdTokens({ keys, clock }),
    notify: (sentence: string) => void notices.push(sentence),
  };
  const methods = [...iamAdminMethods(services), ...iamCredentialsMethods(services)];
  const { notify } = services;
  const authenticate = ([header = '']: readonly string[]) =>
    header.replace('Bearer ', '') as TokenHolder;
  const base = await serve(restApi({ service: 'iam', methods, authenticate, notify }));

  /** @param call for example `POST /v1/projects/demo-project/roles` */
  const call = async (
    call: string,
    { as = developer, body }: { as?: TokenHolder; body?: object | undefined } = {},
  ) => {
    const [method = 'GET', path = ''] = call.split(' ');
    const response = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${as}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: what a test looks at, it also expects
    return { status: response.status, body: (await response.json()) as any };
  };
  return { ...services, call, notices, developer };
}

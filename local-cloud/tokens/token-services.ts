import type { ResolvedTopology } from '../../deploy/topology.ts';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults/faults.ts';
import { ServiceAccountKeys } from '../iam/service-account-keys.ts';
import type { ServiceAccounts } from '../iam/service-accounts.ts';
import {
  type MetadataServer,
  startMetadataServer,
} from '../metadata-server/start-metadata-server.ts';
import type { Notify } from '../rest/rest-api.ts';
import { AccessTokens } from './access-tokens.ts';
import { accountOf } from './account.ts';
import { accountCertificates } from './account-certificates.ts';
import { createCertificatesEndpoint } from './certificates-endpoint.ts';
import { IdTokens } from './id-tokens.ts';
import { createOAuth2Endpoint } from './oauth2/oauth2-endpoint.ts';
import { gcloudScopes } from './oauth2/refresh-grant.ts';
import { authorizedUserFile, RefreshTokens } from './refresh-tokens.ts';
import { selfSignedJwtDetails } from './self-signed-jwt.ts';
import { SigningKeys } from './signing-keys.ts';
import { verifyIdToken } from './verify-id-token.ts';

/**
 * Everything of the local cloud that makes or checks tokens: keys and their endpoint, the token
 * endpoint, one metadata server per account, and the developer's credentials.
 */
export async function startTokenServices(options: {
  topology: ResolvedTopology;
  clock: Clock;
  faults: Faults;
  accounts: ServiceAccounts;
  notify: Notify;
}) {
  const { topology, clock, faults, accounts, notify } = options;
  const keys = await SigningKeys.create(clock);
  const accessTokens = new AccessTokens(clock);
  const idTokens = new IdTokens({ keys, clock });
  const accountKeys = new ServiceAccountKeys(clock);
  const refreshTokens = new RefreshTokens();
  const developer = accountOf(topology.deployer.replace(/^user:/, ''));

  const metadataServers = new Map<string, Promise<MetadataServer>>();
  const startMetadataServerFor = (email: string) =>
    startMetadataServer({
      email,
      accounts,
      notify,
      project: { id: topology.project, number: topology.projectNumber },
      region: topology.region,
      accessTokens,
      idTokens,
      keys,
      clock,
      before: (request, response) => faults.metadata(request, response),
    });
  const metadataServerFor = (email: string): Promise<MetadataServer> => {
    const server = metadataServers.get(email) ?? startMetadataServerFor(email);
    metadataServers.set(email, server);
    return server;
  };
  const ofServices = new Map<string, MetadataServer>();
  for (const { name, serviceAccount } of topology.services) {
    ofServices.set(name, await metadataServerFor(serviceAccount));
  }
  const checkIdToken = (token: string) => verifyIdToken(token, { keys, clock });

  return {
    keys,
    accountKeys,
    accessTokens,
    idTokens,
    /** Whatever an API takes for an access token. */
    apiTokens: {
      details: (token: string, service: string) =>
        accessTokens.details(token) ??
        selfSignedJwtDetails(token, service, { accounts, accountKeys, clock }),
    },
    certificates: createCertificatesEndpoint({
      keys,
      ofAccounts: accountCertificates({ accounts, accountKeys }),
      clock,
      notify,
      before: (request, response) => faults.certificates(request, response),
    }),
    oauth2: createOAuth2Endpoint({
      refreshTokens,
      accessTokens,
      idTokens,
      verifyIdToken: checkIdToken,
      accounts,
      accountKeys,
      clock,
      notify,
      before: (request, response) => faults.oauth2(request, response),
    }),
    verifyIdToken: checkIdToken,
    /** The one that knows this account; started when it is first asked for. */
    metadataServerFor,
    /** @throws {RangeError} for a service that is not in the topology */
    metadataServerOf(service: string): MetadataServer {
      const server = ofServices.get(service);
      if (!server) throw new RangeError(`there is no service ${service} in the topology`);
      return server;
    },
    /** Content of a credentials file for Google's libraries. */
    developerCredentials: authorizedUserFile(refreshTokens.issue(developer.email)),
    developerAccessToken: (lifetimeSeconds: number) =>
      accessTokens.issue(`user:${developer.email}`, { scopes: gcloudScopes, lifetimeSeconds })
        .token,
    /** As gcloud fetches it for a person. */
    developerIdToken: () => idTokens.forUser(developer),
    async stop() {
      const servers = await Promise.all(metadataServers.values());
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

import type { ResolvedTopology } from '../../deploy/topology.ts';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import {
  type MetadataServer,
  startMetadataServer,
} from '../metadata-server/start-metadata-server.ts';
import { AccessTokens } from './access-tokens.ts';
import { accountOf } from './account.ts';
import { createCertificatesEndpoint } from './certificates-endpoint.ts';
import { IdTokens } from './id-tokens.ts';
import { createOAuth2Endpoint } from './oauth2-endpoint.ts';
import { authorizedUserFile, RefreshTokens } from './refresh-tokens.ts';
import { SigningKeys } from './signing-keys.ts';
import { verifyIdToken } from './verify-id-token.ts';

/**
 * Everything of the local cloud that makes or checks tokens: keys and their endpoint, the token
 * endpoint, one metadata server per service, and the developer's credentials.
 */
export async function startTokenServices(options: {
  topology: ResolvedTopology;
  clock: Clock;
  faults: Faults;
}) {
  const { topology, clock, faults } = options;
  const keys = await SigningKeys.create(clock);
  const accessTokens = new AccessTokens(clock);
  const idTokens = new IdTokens({ keys, clock });
  const refreshTokens = new RefreshTokens();
  const developer = accountOf(topology.deployer.replace(/^user:/, ''));

  const metadataServers = new Map<string, MetadataServer>();
  for (const { name, serviceAccount } of topology.services) {
    const server = await startMetadataServer({
      account: accountOf(serviceAccount),
      project: { id: topology.project, number: topology.projectNumber },
      region: topology.region,
      accessTokens,
      idTokens,
      keys,
      clock,
      before: (request, response) => faults.metadata(request, response),
    });
    metadataServers.set(name, server);
  }
  const emailByUniqueId = new Map(
    topology.services
      .map(({ serviceAccount }) => accountOf(serviceAccount))
      .map(({ uniqueId, email }) => [uniqueId, email]),
  );

  return {
    keys,
    accessTokens,
    idTokens,
    certificates: createCertificatesEndpoint({
      keys,
      clock,
      before: (request, response) => faults.certificates(request, response),
    }),
    oauth2: createOAuth2Endpoint({
      refreshTokens,
      accessTokens,
      idTokens,
      clock,
      before: (request, response) => faults.oauth2(request, response),
    }),
    verifyIdToken: (token: string) => verifyIdToken(token, { keys, clock }),
    accountByUniqueId: (uniqueId: string) => emailByUniqueId.get(uniqueId),
    /** @throws {RangeError} for a service that is not in the topology */
    metadataServerOf(service: string): MetadataServer {
      const server = metadataServers.get(service);
      if (!server) throw new RangeError(`there is no service ${service} in the topology`);
      return server;
    },
    /** Content of a credentials file for Google's libraries. */
    developerCredentials: authorizedUserFile(refreshTokens.issue(developer.email)),
    developerAccessToken: (lifetimeSeconds: number) =>
      accessTokens.issue(`user:${developer.email}`, { lifetimeSeconds }).token,
    /** As gcloud fetches it for a person. */
    developerIdToken: () => idTokens.forUser(developer),
    async stop() {
      await Promise.all([...metadataServers.values()].map((server) => server.stop()));
    },
  };
}

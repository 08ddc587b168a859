import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { PubSub, v1 } from '@google-cloud/pubsub';
import { credentials, Metadata } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';
import { AdjustableClock, type Clock } from '../../local-cloud/clock.ts';
import { Iam } from '../../local-cloud/iam/iam.ts';
import { predefinedRoles, type RoleCatalog } from '../../local-cloud/iam/roles.ts';
import { noAccounts } from '../../local-cloud/iam/service-accounts.ts';
import { CertificateAuthority } from '../../local-cloud/network/certificate-authority.ts';
import { Broker, type BrokerOptions } from '../../local-cloud/pubsub/broker/broker.ts';
import {
  createPubsubServer,
  type PubsubServerOptions,
} from '../../local-cloud/pubsub/create-pubsub-server.ts';
import { cloudPlatformScope, type TokenHolder } from '../../local-cloud/tokens/access-tokens.ts';
import { bearerAuthentication } from '../../local-cloud/tokens/bearer-authentication.ts';

export const project = 'demo-project';
export const projectName = `projects/${project}`;
export const projectPolicy = `//cloudresourcemanager.googleapis.com/${projectName}`;
export const topicName = (id = 'events') => `${projectName}/topics/${id}`;
export const subscriptionName = (id = 'worker') => `${projectName}/subscriptions/${id}`;
export const admin = 'user:admin@example.com';

/** Pub/Sub behind TLS on a free port, with an IAM of its own, for the official client. */
export async function startPubsubFixture(
  options: Partial<PubsubServerOptions> &
    Pick<BrokerOptions, 'bounds' | 'onBoundReached'> & { roles?: RoleCatalog } = {},
) {
  const clock = new AdjustableClock();
  const { bounds, onBoundReached, roles = predefinedRoles, ...serverOptions } = options;
  const iam = new Iam({ clock, roles });
  iam.policies.addBinding(projectPolicy, 'roles/pubsub.admin', admin);
  const broker = new Broker({
    clock,
    ...(bounds && { bounds }),
    ...(onBoundReached && { onBoundReached }),
  });
  const principals = new Map<string, TokenHolder>();
  const server = createPubsubServer({
    broker,
    clock,
    access: iam,
    policies: iam.policies,
    authenticate: bearerAuthentication({
      tokens: { details: (token) => detailsOf(principals.get(token)) },
      accounts: noAccounts,
      notify: () => {},
    }),
    onDefect: (_method, error) => {
      throw error;
    },
    ...serverOptions,
  });
  const { port, caPem, close } = await listen(clock, server.accept);
  const clients: { close(): Promise<void> }[] = [];

  return {
    clock,
    iam,
    broker,
    server,
    port,
    caPem,
    /** An access token of the principal. */
    tokenOf: (principal: TokenHolder) => {
      const token = `token-of-${principal.replace(':', '-').replace('@', '-at-')}`;
      principals.set(token, principal);
      return token;
    },
    /** The official client, signed in as `principal`. */
    clientOf(principal: TokenHolder = admin): PubSub {
      const client = new PubSub({
        ...clientConfig({ port, caPem, headers: bearer(this.tokenOf(principal)) }),
        apiEndpoint: `localhost:${port}`,
        emulatorMode: false,
      });
      clients.push(client);
      return client;
    },
    /** Google's generated clients: one method per call of the API, and any `authorization` headers. */
    apiOf(signedIn: TokenHolder | { headers: string[] } = admin) {
      const headers =
        typeof signedIn === 'string' ? bearer(this.tokenOf(signedIn)) : signedIn.headers;
      const config = { ...clientConfig({ port, caPem, headers }), servicePath: 'localhost', port };
      const api = {
        publisher: new v1.PublisherClient(config),
        subscriber: new v1.SubscriberClient(config),
      };
      clients.push(api.publisher, api.subscriber);
      return api;
    },
    async stop() {
      await Promise.all(clients.map((client) => client.close()));
      await server.stop();
      await close();
    },
  };
}

export type PubsubFixture = Awaited<ReturnType<typeof startPubsubFixture>>;

const detailsOf = (principal: TokenHolder | undefined) =>
  principal && { principal, scopes: [cloudPlatformScope], expiresAtMs: Number.POSITIVE_INFINITY };

const bearer = (token: string) => [`Bearer ${token}`];

function clientConfig({
  port,
  caPem,
  headers,
}: {
  port: number;
  caPem: string;
  headers: string[];
}) {
  const metadata = new Metadata();
  for (const header of headers) metadata.add('authorization', header);
  return {
    projectId: project,
    port,
    // Not used, as `sslCreds` has the token; without it the client looks for a metadata server.
    authClient: new OAuth2Client(),
    sslCreds: credentials.combineChannelCredentials(
      credentials.createSsl(Buffer.from(caPem)),
      credentials.createFromMetadataGenerator((_, callback) => callback(null, metadata.clone())),
    ),
  };
}

async function listen(clock: Clock, accept: (socket: TLSSocket) => void) {
  const sockets = new Set<Socket>();
  const authority = await CertificateAuthority.create({ clock, domains: ['localhost'] });
  const { cert, key } = await authority.certificateFor('localhost');
  const tls = createServer({ ALPNProtocols: ['h2'], cert, key });
  tls.on('secureConnection', accept);
  tls.on('connection', (socket: Socket) => sockets.add(socket));
  tls.listen(0, '127.0.0.1');
  await once(tls, 'listening');
  const { port } = tls.address() as AddressInfo;
  return {
    port,
    caPem: authority.caPem,
    close: async () => {
      const closed = once(tls, 'close');
      tls.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

import type { Duplex } from 'node:stream';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import type { HttpHandler } from '../network/host-router.ts';
import { type Notify, restApi } from '../rest/rest-api.ts';
import type { Authenticate } from '../tokens/bearer-authentication.ts';
import type { Broker } from './broker/broker.ts';
import type { CallHook } from './grpc/call-context.ts';
import { registerMethods } from './grpc/register-methods.ts';
import { operations } from './operations/operations.ts';
import type { AccessControl, ResourcePolicies } from './operations/services.ts';
import { loadProtocol } from './protocol/protocol.ts';
import { pubsubMethods } from './rest/pubsub-methods.ts';

export interface PubsubServerOptions {
  broker: Broker;
  clock: Clock;
  access: AccessControl;
  policies: ResourcePolicies;
  authenticate: Authenticate;
  /** How long a Pull waits for the first message, in milliseconds; 10 s by default. */
  pullWaitMs?: number;
  /** For injected faults. */
  aroundCall?: CallHook;
  /** Told of errors that are defects of the local cloud itself. */
  onDefect?: (method: string, error: unknown) => void;
  /** Told, in a sentence, of REST calls that the local cloud cannot answer. */
  notify?: Notify;
}

/** Pub/Sub's API over gRPC and REST, for connections that somebody else has accepted. */
export interface PubsubServer {
  /** Serves a connection that speaks HTTP/2 in clear text: TLS has ended before. */
  accept(connection: Duplex): void;
  /** Answers a request to the REST API. */
  http: HttpHandler;
  /** Ends pulls and streams with UNAVAILABLE, then all connections. The broker is closed too. */
  stop(): Promise<void>;
}

const defaultPullWaitMs = 10_000;
/** Far above Pub/Sub's own limits, which are answered in Google's words; this one protects memory. */
const maxReceiveBytes = 32 * 1024 * 1024;
/** For the last answers to leave; clients that do not take them are cut off. */
const drainMs = 100;

/** Several can live side by side; each has its broker. */
export function createPubsubServer(options: PubsubServerOptions): PubsubServer {
  const { broker, clock, access, policies, authenticate } = options;
  const server = new Server({
    'grpc.max_receive_message_length': maxReceiveBytes,
    'grpc.max_send_message_length': -1,
    'grpc.enable_channelz': 0,
  });
  const services = {
    broker,
    clock,
    access,
    policies,
    pullWaitMs: options.pullWaitMs ?? defaultPullWaitMs,
  };
  const { aroundCall, notify = () => {}, onDefect = () => {} } = options;
  const methods = loadProtocol();
  const implemented = operations(services);
  registerMethods(server, methods, implemented, services, { authenticate, aroundCall, onDefect });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());

  return {
    accept: (connection) => injector.injectConnection(connection),
    http: restApi({
      service: 'pubsub.googleapis.com',
      methods: pubsubMethods(methods, implemented),
      authenticate,
      notify,
      ...(aroundCall && { aroundCall }),
    }),
    stop: async () => {
      broker.close();
      const { promise, resolve } = Promise.withResolvers<void>();
      server.tryShutdown(() => resolve());
      const timer = setTimeout(() => server.forceShutdown(), drainMs);
      await promise;
      clearTimeout(timer);
    },
  };
}

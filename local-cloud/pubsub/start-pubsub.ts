import type { ResolvedTopology } from '../../deploy/topology.ts';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { Iam } from '../iam/iam.ts';
import type { Authenticate } from '../tokens/bearer-authentication.ts';
import { Broker } from './broker/broker.ts';
import { createPubsubServer } from './create-pubsub-server.ts';

/** Pub/Sub with the topics and subscriptions of the topology, empty. */
export function startPubsub(options: {
  topology: ResolvedTopology;
  clock: Clock;
  iam: Iam;
  authenticate: Authenticate;
  faults: Faults;
  onNotice: (sentence: string) => void;
}) {
  const { topology, clock, iam, authenticate, faults, onNotice } = options;
  const broker = new Broker({
    clock,
    onBoundReached: ({ subscription, bound }) =>
      onNotice(
        `${subscription} has reached its bound (${bound}): the oldest messages that nobody has pulled are dropped`,
      ),
  });
  for (const { name } of topology.topics) broker.createTopic({ name });
  for (const { name, topic } of topology.subscriptions) {
    broker.createSubscription({ name, topic });
  }
  const server = createPubsubServer({
    broker,
    clock,
    access: iam,
    policies: iam.policies,
    authenticate,
    aroundCall: (method, proceed) => faults.pubsub(method, proceed),
    onDefect: (method, error) => onNotice(`Pub/Sub failed in ${method}: ${String(error)}`),
    notify: onNotice,
  });
  const { pubsubConnections } = faults;
  const accept: typeof server.accept = (connection) => {
    pubsubConnections.add(connection);
    server.accept(connection);
  };
  const http: typeof server.http = (request, response) => {
    pubsubConnections.add(request.socket);
    return server.http(request, response);
  };
  return { broker, accept, http, stop: server.stop };
}

import type { ResolvedTopology } from '../../deploy/topology.ts';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Iam } from '../iam/iam.ts';
import type { AccessTokenLookup } from '../tokens/tokens.ts';
import { Broker } from './broker/broker.ts';
import { createPubsubServer } from './create-pubsub-server.ts';
import { PubsubError } from './pubsub-error.ts';

/** Pub/Sub with the topics and subscriptions of the topology, empty. */
export function startPubsub(options: {
  topology: ResolvedTopology;
  clock: Clock;
  iam: Iam;
  tokens: AccessTokenLookup;
  faults: Faults;
  onNotice: (sentence: string) => void;
}) {
  const { topology, clock, iam, tokens, faults, onNotice } = options;
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
    tokens,
    aroundCall: async (method, proceed) => {
      try {
        return await faults.pubsub(method, proceed);
      } catch (error) {
        // No decision of IAM, which would have been shown: nobody knows whom to decide about.
        if (error instanceof PubsubError && error.code === 'UNAUTHENTICATED') {
          onNotice(`refused ${method}: its access token is missing, unknown or has expired`);
        }
        throw error;
      }
    },
    onDefect: (method, error) => onNotice(`Pub/Sub failed in ${method}: ${String(error)}`),
  });
  return { broker, accept: server.accept, stop: server.stop };
}

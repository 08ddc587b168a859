import { v1 } from '@google-cloud/pubsub';
import type { Compute } from 'google-auth-library';
import { Batches } from './batches.ts';
import { isRejected } from './publish-problem.ts';

/**
 * How long the client library goes on trying, in milliseconds. Its own default is a minute, far
 * longer than anybody waits for this answer.
 */
const totalTimeoutMs = 4_000;

/** A failed attempt with one of these gRPC codes is worth another: the library's own default list. */
const retryCodes = [1, 2, 4, 8, 10, 13, 14];

const callOptions = {
  retry: {
    retryCodes,
    backoffSettings: {
      // Each wait is a random part of these, so an outage gets about five requests in four seconds.
      initialRetryDelayMillis: 200,
      retryDelayMultiplier: 3,
      maxRetryDelayMillis: 2_000,
      initialRpcTimeoutMillis: 2_000,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: 2_000,
      totalTimeoutMillis: totalTimeoutMs,
    },
  },
};

interface PubsubMessage {
  data: Buffer;
  attributes: Record<string, string>;
}

export interface OpenTopic {
  /** Publishes, under load together with others. Resolves with the message's id. */
  publish(message: PubsubMessage): Promise<string>;
  /** Sends what is still waiting to be sent. */
  flush(): Promise<void>;
}

/**
 * The topic, published to with the access tokens of `credentials`.
 *
 * This module is loaded only after the port listens, because the Pub/Sub library takes longer to
 * load than everything else together. Of the library it uses the client that is generated from the
 * API: the publisher on top of it waits a fixed time for more messages, and replaces the text
 * {{projectId}} in attributes.
 *
 * @param name `projects/PROJECT/topics/TOPIC`
 */
export function openTopic(name: string, credentials: Compute): OpenTopic {
  const client = new v1.PublisherClient({ authClient: credentials });
  // Ahead of the first message, which does it again if this fails.
  client.initialize().catch(() => undefined);
  const batches = new Batches<PubsubMessage>({
    async send(messages) {
      const [{ messageIds }] = await client.publish({ topic: name, messages }, callOptions);
      return messageIds ?? [];
    },
    sizeOf,
    isRejected,
  });
  return { publish: (message) => batches.add(message), flush: () => batches.flush() };
}

function sizeOf({ data, attributes }: PubsubMessage): number {
  // Every attribute costs a few bytes of its own.
  return Object.entries(attributes).reduce(
    (bytes, [key, value]) => bytes + Buffer.byteLength(key) + Buffer.byteLength(value) + 10,
    data.length + 10,
  );
}

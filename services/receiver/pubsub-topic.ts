import { PubSub } from '@google-cloud/pubsub';
import type { Compute } from 'google-auth-library';

/**
 * How long the client library goes on trying, in milliseconds. Its own default is a minute, far
 * longer than anybody waits for this answer.
 */
const totalTimeoutMs = 4_000;

/** A failed attempt with one of these gRPC codes is worth another: the library's own default list. */
const retryCodes = [1, 2, 4, 8, 10, 13, 14];

const gaxOpts = {
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
  /** Publishes in a request of its own. */
  publishAlone(message: PubsubMessage): Promise<string>;
  /** Sends what is still waiting to be sent. */
  flush(): Promise<void>;
}

/**
 * The topic, published to with the access tokens of `credentials`.
 *
 * This module is loaded only after the port listens, because the Pub/Sub library takes longer to
 * load than everything else together.
 *
 * @param name `projects/PROJECT/topics/TOPIC`
 */
export function openTopic(name: string, credentials: Compute): OpenTopic {
  const projectId = String(name.split('/')[1]);
  const pubsub = new PubSub({ projectId, authClient: credentials });
  // Under load messages share a request; alone, a message waits a millisecond, not ten.
  const shared = pubsub.topic(name, { batching: { maxMilliseconds: 1 }, gaxOpts });
  const alone = pubsub.topic(name, { batching: { maxMessages: 1 }, gaxOpts });
  return {
    publish: (message) => shared.publishMessage(verbatim(message)),
    publishAlone: (message) => alone.publishMessage(verbatim(message)),
    async flush() {
      await Promise.all([shared.flush(), alone.flush()]);
    },
  };
}

/**
 * Keeps the library from changing attributes: it replaces the text {{projectId}} wherever it finds it
 * in a request. It copies and searches ordinary objects only, so these get a prototype of their own.
 */
function verbatim({ data, attributes }: PubsubMessage): PubsubMessage {
  return { data, attributes: Object.assign(new Verbatim(), attributes) };
}

class Verbatim {
  [name: string]: string;
}
Object.setPrototypeOf(Verbatim.prototype, null);

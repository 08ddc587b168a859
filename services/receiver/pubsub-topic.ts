import { PubSub, type Topic } from '@google-cloud/pubsub';
import type { Compute } from 'google-auth-library';

/**
 * How long the client library goes on trying, in milliseconds. Its own default is a minute, far
 * longer than anybody waits for this answer.
 */
const totalTimeoutMs = 4_000;

/** A failed attempt with one of these gRPC codes is worth another: the library's own default list. */
const retryCodes = [1, 2, 4, 8, 10, 13, 14];

/**
 * The topic, published to with the access tokens of `credentials`.
 *
 * This module is loaded only after the port listens, because the Pub/Sub library takes longer to
 * load than everything else together.
 *
 * @param name `projects/PROJECT/topics/TOPIC`
 */
export function openTopic(name: string, credentials: Compute): Topic {
  const projectId = String(name.split('/')[1]);
  const pubsub = new PubSub({ projectId, authClient: credentials });
  return pubsub.topic(name, {
    // Under load messages share a request; alone, a message waits a millisecond, not ten.
    batching: { maxMilliseconds: 1 },
    gaxOpts: {
      retry: {
        retryCodes,
        backoffSettings: {
          initialRetryDelayMillis: 100,
          retryDelayMultiplier: 2,
          maxRetryDelayMillis: 1_000,
          initialRpcTimeoutMillis: 2_000,
          rpcTimeoutMultiplier: 1,
          maxRpcTimeoutMillis: 2_000,
          totalTimeoutMillis: totalTimeoutMs,
        },
      },
    },
  });
}

/** How long a message rests before it is handed out again, in milliseconds. */
export interface Backoff {
  minimumMs: number;
  maximumMs: number;
}

/**
 * Exponential between the two bounds, https://cloud.google.com/pubsub/docs/handling-failures#exponential_backoff
 *
 * @param attempts how often the message was handed out so far, 1 or more
 */
export function backoffMs(policy: Backoff | undefined, attempts: number): number {
  if (!policy) return 0;
  return Math.min(policy.maximumMs, policy.minimumMs * 2 ** Math.min(attempts - 1, 30));
}

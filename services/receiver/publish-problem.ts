import { Problem } from '../../shared/http/problem.ts';

/**
 * What a failed publish means for the one who asked. Codes of gRPC:
 * https://grpc.io/docs/guides/status-codes/
 */
export function publishProblem(error: unknown, topic: string, account: string | null): Problem {
  const { code } = error as { code?: unknown };
  switch (code) {
    case 5:
      return new Problem(
        'topic_not_found',
        `The topic ${topic} does not exist. Create it, or correct TOPIC.`,
        { cause: error },
      );
    case 7:
      return new Problem(
        'publish_forbidden',
        `${account ?? 'The account of this service'} lacks roles/pubsub.publisher on ${topic}.`,
        { cause: error },
      );
    case 3:
      return new Problem('publish_rejected', 'Pub/Sub does not take this message.', {
        cause: error,
      });
    default:
      return pubsubUnavailable(error);
  }
}

/** Whether Pub/Sub found fault with the request itself (INVALID_ARGUMENT). */
export function isRejected(error: unknown): boolean {
  return (error as { code?: unknown }).code === 3;
}

/** The message may or may not have arrived; the same Idempotency-Key makes another try recognisable. */
export function pubsubUnavailable(cause: unknown): Problem {
  return new Problem(
    'pubsub_unavailable',
    'Pub/Sub did not confirm the message. Try again with the same Idempotency-Key.',
    { headers: { 'Retry-After': '1' }, cause },
  );
}

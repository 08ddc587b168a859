import type { Duration } from '../broker/duration.ts';
import type { LeasedMessage } from '../delivery/delivery.ts';

/** A message as `google.pubsub.v1.ReceivedMessage`. */
export interface ReceivedMessage {
  ackId: string;
  message: {
    data: Buffer;
    attributes: Readonly<Record<string, string>>;
    messageId: string;
    /** A `google.protobuf.Timestamp`, which has the fields of a duration. */
    publishTime: Duration;
    orderingKey: string;
  };
  /** Counted only with a dead letter policy, which is not supported. */
  deliveryAttempt: 0;
}

export function receivedMessage({ ackId, message }: LeasedMessage): ReceivedMessage {
  const { data, attributes, id, publishTimeMs, orderingKey } = message;
  const seconds = Math.floor(publishTimeMs / 1000);
  const nanos = Math.round((publishTimeMs - seconds * 1000) * 1_000_000);
  return {
    ackId,
    message: { data, attributes, messageId: id, publishTime: { seconds, nanos }, orderingKey },
    deliveryAttempt: 0,
  };
}

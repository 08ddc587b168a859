import type { PublishedMessage } from '../broker/message.ts';
import type { Consumer } from './consumer.ts';
import type { ListNode } from './linked-list.ts';
import type { OrderingLane } from './ordering-lane.ts';

/** One message on its way to the subscribers of one subscription. */
export interface Delivery {
  readonly message: PublishedMessage;
  /** Its ordering key's lane; `undefined` if the subscription or the message is not ordered. */
  readonly lane: OrderingLane | undefined;
  /** Set while a consumer holds it. */
  lease: Lease | undefined;
  /** How often it was handed out. */
  attempts: number;
  /** Acknowledged, but held until the earlier messages of its ordering key are too. */
  isAcknowledged: boolean;
  /** Acknowledged, expired or dropped: no longer in the backlog. */
  isGone: boolean;
  /** Its place in the backlog. */
  place: ListNode<Delivery> | undefined;
  /** Its place among the messages that can be handed out; unused when it has a lane. */
  readyPlace: ListNode<Delivery | OrderingLane> | undefined;
}

/** A consumer's hold on a message. */
export interface Lease {
  readonly ackId: string;
  readonly consumer: Consumer;
  /** When the message may be handed out again, in milliseconds since the Unix epoch. */
  deadlineMs: number;
}

/** A message as a subscriber receives it. */
export interface LeasedMessage {
  readonly ackId: string;
  readonly message: PublishedMessage;
}

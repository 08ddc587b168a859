import { invalidArgument } from '../../network/api-error.ts';
import { onSubscription, requirePermission } from './permission.ts';
import type { Empty, Operation, PubsubServices } from './services.ts';

export interface ModifyAckDeadlineRequest {
  subscription: string;
  ackIds: string[];
  ackDeadlineSeconds: number;
}

/** A deadline of 0 hands the messages out again at once ("nack"). */
export function modifyAckDeadline({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<ModifyAckDeadlineRequest, Empty> {
  return ({ subscription, ackIds, ackDeadlineSeconds }, { principal }) => {
    const asked = onSubscription(subscription, 'pubsub.subscriptions.consume', principal);
    requirePermission(access, asked, 'ModifyAckDeadline');
    const { queue } = broker.subscription(subscription);
    if (ackIds.length === 0) throw invalidArgument('No ack ids specified.');
    checkAckDeadline(ackDeadlineSeconds, 0);
    for (const ackId of ackIds) queue.modifyAckDeadline(ackId, ackDeadlineSeconds);
    return {};
  };
}

/** Throws INVALID_ARGUMENT unless `seconds` is between `minimum` and 600. */
export function checkAckDeadline(seconds: number, minimum: number): void {
  if (seconds >= minimum && seconds <= 600) return;
  throw invalidArgument(
    `Invalid ack deadline given (ack_deadline_seconds=${seconds}). It must be between ${minimum} and 600 seconds.`,
  );
}

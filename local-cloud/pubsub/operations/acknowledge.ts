import { invalidArgument } from '../../network/api-error.ts';
import { onSubscription, requirePermission } from './permission.ts';
import type { Empty, Operation, PubsubServices } from './services.ts';

export interface AcknowledgeRequest {
  subscription: string;
  ackIds: string[];
}

export function acknowledge({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<AcknowledgeRequest, Empty> {
  return ({ subscription, ackIds }, { principal }) => {
    const asked = onSubscription(subscription, 'pubsub.subscriptions.consume', principal);
    requirePermission(access, asked, 'Acknowledge');
    const { queue } = broker.subscription(subscription);
    if (ackIds.length === 0) throw invalidArgument('No ack ids specified.');
    queue.acknowledge(ackIds);
    return {};
  };
}

import { invalidArgument } from '../../network/api-error.ts';
import type { SubscriptionInput } from '../broker/subscription-settings.ts';
import { onSubscription, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';
import { type SubscriptionResource, subscriptionResponse } from './subscription-response.ts';

export interface UpdateSubscriptionRequest {
  subscription: SubscriptionInput | null;
  updateMask: { paths: string[] } | null;
}

export function updateSubscription({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<
  UpdateSubscriptionRequest,
  SubscriptionResource
> {
  return ({ subscription, updateMask }, { principal }) => {
    if (!subscription) {
      throw invalidArgument('The subscription in the UpdateSubscriptionRequest must be set.');
    }
    const asked = onSubscription(subscription.name, 'pubsub.subscriptions.update', principal);
    requirePermission(access, asked, 'UpdateSubscription');
    const updated = broker.updateSubscription(subscription, updateMask?.paths ?? []);
    return subscriptionResponse(broker, updated);
  };
}

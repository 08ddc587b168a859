import { onSubscription, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';
import { type SubscriptionResource, subscriptionResponse } from './subscription-response.ts';

export function getSubscription({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<
  { subscription: string },
  SubscriptionResource
> {
  return ({ subscription }, { principal }) => {
    const asked = onSubscription(subscription, 'pubsub.subscriptions.get', principal);
    requirePermission(access, asked, 'GetSubscription');
    return subscriptionResponse(broker, broker.subscription(subscription).settings);
  };
}

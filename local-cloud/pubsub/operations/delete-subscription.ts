import { onSubscription, requirePermission } from './permission.ts';
import type { Empty, Operation, PubsubServices } from './services.ts';

export function deleteSubscription({
  broker,
  access,
  policies,
}: Pick<PubsubServices, 'broker' | 'access' | 'policies'>): Operation<
  { subscription: string },
  Empty
> {
  return ({ subscription }, { principal }) => {
    const asked = onSubscription(subscription, 'pubsub.subscriptions.delete', principal);
    requirePermission(access, asked, 'DeleteSubscription');
    broker.deleteSubscription(subscription);
    policies.remove(asked.resource);
    return {};
  };
}

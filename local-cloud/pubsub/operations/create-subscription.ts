import type { SubscriptionInput } from '../broker/subscription-settings.ts';
import { parseSubscriptionName } from '../resource-name.ts';
import { onProject, onTopic, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';
import { type SubscriptionResource, subscriptionResponse } from './subscription-response.ts';

/** Needs a permission on the project of the subscription and another on the topic. */
export function createSubscription({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<SubscriptionInput, SubscriptionResource> {
  return (request, { principal }) => {
    const project = `projects/${parseSubscriptionName(request.name).project}`;
    for (const asked of [
      onProject(project, 'pubsub.subscriptions.create', principal),
      onTopic(request.topic, 'pubsub.topics.attachSubscription', principal),
    ]) {
      requirePermission(access, asked, 'CreateSubscription');
    }
    return subscriptionResponse(broker, broker.createSubscription(request));
  };
}

import type { PageRequest } from '../broker/paging.ts';
import { parseProjectName } from '../resource-name.ts';
import { onProject, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';
import { type SubscriptionResource, subscriptionResponse } from './subscription-response.ts';

export function listSubscriptions({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<
  PageRequest & { project: string },
  { subscriptions: SubscriptionResource[]; nextPageToken: string }
> {
  return (request, { principal }) => {
    const { project } = request;
    const asked = onProject(project, 'pubsub.subscriptions.list', principal);
    requirePermission(access, asked, 'ListSubscriptions');
    const { items, nextPageToken } = broker.listSubscriptions(parseProjectName(project), request);
    const subscriptions = items.map((settings) => subscriptionResponse(broker, settings));
    return { subscriptions, nextPageToken };
  };
}

import type { PageRequest } from '../broker/paging.ts';
import { onTopic, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';

/** Needs `pubsub.topics.get`: https://cloud.google.com/pubsub/docs/access-control#required_permissions */
export function listTopicSubscriptions({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<
  PageRequest & { topic: string },
  { subscriptions: string[]; nextPageToken: string }
> {
  return (request, { principal }) => {
    const { topic } = request;
    requirePermission(
      access,
      onTopic(topic, 'pubsub.topics.get', principal),
      'ListTopicSubscriptions',
    );
    const { items, nextPageToken } = broker.listTopicSubscriptions(topic, request);
    return { subscriptions: items, nextPageToken };
  };
}

import { onTopic, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';
import { type TopicResource, topicResponse } from './topic-response.ts';

export function getTopic({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<{ topic: string }, TopicResource> {
  return ({ topic }, { principal }) => {
    requirePermission(access, onTopic(topic, 'pubsub.topics.get', principal), 'GetTopic');
    return topicResponse(broker.topic(topic));
  };
}

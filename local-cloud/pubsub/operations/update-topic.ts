import { invalidArgument } from '../../network/api-error.ts';
import type { TopicInput } from '../broker/topic-settings.ts';
import { onTopic, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';
import { type TopicResource, topicResponse } from './topic-response.ts';

export interface UpdateTopicRequest {
  topic: TopicInput | null;
  updateMask: { paths: string[] } | null;
}

export function updateTopic({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<UpdateTopicRequest, TopicResource> {
  return ({ topic, updateMask }, { principal }) => {
    if (!topic) throw invalidArgument('The topic in the UpdateTopicRequest must be set.');
    requirePermission(
      access,
      onTopic(topic.name, 'pubsub.topics.update', principal),
      'UpdateTopic',
    );
    return topicResponse(broker.updateTopic(topic, updateMask?.paths ?? []));
  };
}

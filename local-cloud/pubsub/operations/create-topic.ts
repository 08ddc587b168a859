import type { TopicInput } from '../broker/topic-settings.ts';
import { parseTopicName } from '../resource-name.ts';
import { onProject, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';
import { type TopicResource, topicResponse } from './topic-response.ts';

export function createTopic({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<TopicInput, TopicResource> {
  return (request, { principal }) => {
    const project = `projects/${parseTopicName(request.name).project}`;
    requirePermission(access, onProject(project, 'pubsub.topics.create', principal), 'CreateTopic');
    return topicResponse(broker.createTopic(request));
  };
}

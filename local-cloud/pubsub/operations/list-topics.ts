import type { PageRequest } from '../broker/paging.ts';
import { parseProjectName } from '../resource-name.ts';
import { onProject, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';
import { type TopicResource, topicResponse } from './topic-response.ts';

export function listTopics({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<
  PageRequest & { project: string },
  { topics: TopicResource[]; nextPageToken: string }
> {
  return (request, { principal }) => {
    const { project } = request;
    requirePermission(access, onProject(project, 'pubsub.topics.list', principal), 'ListTopics');
    const { items, nextPageToken } = broker.listTopics(parseProjectName(project), request);
    return { topics: items.map(topicResponse), nextPageToken };
  };
}

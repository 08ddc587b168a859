import { onTopic, requirePermission } from './permission.ts';
import type { Empty, Operation, PubsubServices } from './services.ts';

export function deleteTopic({
  broker,
  access,
  policies,
}: Pick<PubsubServices, 'broker' | 'access' | 'policies'>): Operation<{ topic: string }, Empty> {
  return ({ topic }, { principal }) => {
    const asked = onTopic(topic, 'pubsub.topics.delete', principal);
    requirePermission(access, asked, 'DeleteTopic');
    broker.deleteTopic(topic);
    policies.remove(asked.resource);
    return {};
  };
}

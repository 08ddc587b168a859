import type { MessageInput } from '../broker/message.ts';
import { onTopic, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';

export interface PublishRequest {
  topic: string;
  messages: MessageInput[];
}

export function publish({
  broker,
  access,
}: Pick<PubsubServices, 'broker' | 'access'>): Operation<PublishRequest, { messageIds: string[] }> {
  return ({ topic, messages }, { principal }) => {
    requirePermission(access, onTopic(topic, 'pubsub.topics.publish', principal), 'Publish');
    return { messageIds: broker.publish(topic, messages, principal) };
  };
}

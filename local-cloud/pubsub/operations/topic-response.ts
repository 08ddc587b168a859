import type { TopicSettings } from '../broker/topic-settings.ts';

export type TopicResource = TopicSettings & { state: 'ACTIVE' };

export function topicResponse(settings: TopicSettings): TopicResource {
  return { ...settings, state: 'ACTIVE' };
}

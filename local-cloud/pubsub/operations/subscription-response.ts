import type { Broker } from '../broker/broker.ts';
import type { Duration } from '../broker/duration.ts';
import type { SubscriptionSettings } from '../broker/subscription-settings.ts';

export type SubscriptionResource = SubscriptionSettings & {
  /** Empty: the subscription is pulled. */
  pushConfig: Record<string, never>;
  state: 'ACTIVE';
  topicMessageRetentionDuration: Duration | null;
};

export function subscriptionResponse(
  broker: Broker,
  settings: SubscriptionSettings,
): SubscriptionResource {
  return {
    ...settings,
    pushConfig: {},
    state: 'ACTIVE',
    topicMessageRetentionDuration: broker.retentionOfTopic(settings.topic),
  };
}

import { invalidArgument } from '../../network/api-error.ts';
import type { DeliverySettings } from '../delivery/subscription-queue.ts';
import { checkDuration, type Duration, ofSeconds, toMs } from './duration.ts';
import { maskedFields, withFields } from './field-mask.ts';
import { checkLabels } from './labels.ts';
import { refuseUnsupported } from './unsupported.ts';

/** A subscription as the API shows it; https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions */
export interface SubscriptionSettings {
  name: string;
  topic: string;
  ackDeadlineSeconds: number;
  /** Stored and shown; without Seek it changes nothing. */
  retainAckedMessages: boolean;
  messageRetentionDuration: Duration;
  labels: Record<string, string>;
  enableMessageOrdering: boolean;
  /** Stored and shown: a local cloud does not live long enough. Without `ttl` it never expires. */
  expirationPolicy: { ttl: Duration | null };
  retryPolicy: RetryPolicy | null;
}

export interface RetryPolicy {
  minimumBackoff: Duration | null;
  maximumBackoff: Duration | null;
}

type Nullable<T> = { [Field in keyof T]?: T[Field] | null };

/** What a client sends to create a subscription. */
export type SubscriptionInput = Pick<SubscriptionSettings, 'name' | 'topic'> &
  Nullable<Omit<SubscriptionSettings, 'name' | 'topic'>>;

const unsupported = {
  bigqueryConfig: 'bigquery_config',
  bigtableConfig: 'bigtable_config',
  cloudStorageConfig: 'cloud_storage_config',
  filter: 'filter',
  deadLetterPolicy: 'dead_letter_policy',
  enableExactlyOnceDelivery: 'enable_exactly_once_delivery',
  messageTransforms: 'message_transforms',
  tags: 'tags',
};

const updateRules = {
  type: 'Subscription',
  mutable: {
    ack_deadline_seconds: 'ackDeadlineSeconds',
    retain_acked_messages: 'retainAckedMessages',
    message_retention_duration: 'messageRetentionDuration',
    labels: 'labels',
    expiration_policy: 'expirationPolicy',
    retry_policy: 'retryPolicy',
  },
  immutable: ['name', 'topic', 'enable_message_ordering'],
  unsupported: ['push_config', ...Object.values(unsupported)],
} as const;

const daySeconds = 86_400;
const defaultAckDeadlineSeconds = 10;

/** Fills in Google's defaults. Throws INVALID_ARGUMENT and UNIMPLEMENTED. */
export function subscriptionSettings(input: SubscriptionInput): SubscriptionSettings {
  refuseUnsupported(input, unsupported);
  refusePush(input);
  checkLabels(input.labels ?? {});
  const { messageRetentionDuration, expirationPolicy, retryPolicy } = input;
  checkDuration('message_retention_duration', messageRetentionDuration, 600, 31 * daySeconds);
  checkDuration('expiration_policy.ttl', expirationPolicy?.ttl, daySeconds);
  checkDuration('retry_policy.minimum_backoff', retryPolicy?.minimumBackoff, 0, 600);
  checkDuration('retry_policy.maximum_backoff', retryPolicy?.maximumBackoff, 0, 600);
  return {
    name: input.name,
    topic: input.topic,
    ackDeadlineSeconds: ackDeadline(input.ackDeadlineSeconds ?? 0),
    retainAckedMessages: input.retainAckedMessages ?? false,
    messageRetentionDuration: messageRetentionDuration ?? ofSeconds(7 * daySeconds),
    labels: input.labels ?? {},
    enableMessageOrdering: input.enableMessageOrdering ?? false,
    expirationPolicy: expirationPolicy ?? { ttl: ofSeconds(31 * daySeconds) },
    retryPolicy: retryPolicy ?? null,
  };
}

/** The settings after an update. Throws INVALID_ARGUMENT and UNIMPLEMENTED. */
export function updatedSubscriptionSettings(
  current: SubscriptionSettings,
  update: SubscriptionInput,
  maskPaths: readonly string[],
): SubscriptionSettings {
  const fields = maskedFields(maskPaths, updateRules);
  const { name, topic } = current;
  return subscriptionSettings({
    ...withFields<Omit<SubscriptionInput, never>, keyof SubscriptionInput>(current, update, fields),
    name,
    topic,
  });
}

/** What of the settings concerns delivery. */
export function deliverySettings(settings: SubscriptionSettings): DeliverySettings {
  const { retryPolicy } = settings;
  return {
    ackDeadlineSeconds: settings.ackDeadlineSeconds,
    retentionMs: toMs(settings.messageRetentionDuration),
    isOrdered: settings.enableMessageOrdering,
    backoff: retryPolicy
      ? {
          minimumMs: toMs(retryPolicy.minimumBackoff ?? ofSeconds(10)),
          maximumMs: toMs(retryPolicy.maximumBackoff ?? ofSeconds(600)),
        }
      : undefined,
  };
}

function ackDeadline(seconds: number): number {
  if (seconds === 0) return defaultAckDeadlineSeconds;
  if (seconds >= 10 && seconds <= 600) return seconds;
  throw invalidArgument(
    `Invalid ack deadline given (ack_deadline_seconds=${seconds}). It must be between 10 and 600 seconds.`,
  );
}

/** Clients send an empty `push_config` for a pull subscription. */
function refusePush(input: object): void {
  const pushConfig = 'pushConfig' in input ? input.pushConfig : undefined;
  if (typeof pushConfig !== 'object' || pushConfig === null) return;
  if ('pushEndpoint' in pushConfig && pushConfig.pushEndpoint) {
    refuseUnsupported({ pushEndpoint: true }, { pushEndpoint: 'push_config' });
  }
}

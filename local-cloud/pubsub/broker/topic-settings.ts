import { checkDuration, type Duration } from './duration.ts';
import { maskedFields, withFields } from './field-mask.ts';
import { checkLabels } from './labels.ts';
import { refuseUnsupported } from './unsupported.ts';

/** A topic as the API shows it; https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics */
export interface TopicSettings {
  name: string;
  labels: Record<string, string>;
  messageStoragePolicy: MessageStoragePolicy | null;
  /** Stored and shown; without Seek it changes nothing. */
  messageRetentionDuration: Duration | null;
}

export interface MessageStoragePolicy {
  allowedPersistenceRegions: string[];
  enforceInTransit: boolean;
}

/** What a client sends to create a topic; fields that are not listed are refused where they matter. */
export type TopicInput = Pick<TopicSettings, 'name'> & Partial<TopicSettings>;

const unsupported = {
  kmsKeyName: 'kms_key_name',
  schemaSettings: 'schema_settings',
  ingestionDataSourceSettings: 'ingestion_data_source_settings',
  messageTransforms: 'message_transforms',
  tags: 'tags',
};

const updateRules = {
  type: 'Topic',
  mutable: {
    labels: 'labels',
    message_storage_policy: 'messageStoragePolicy',
    message_retention_duration: 'messageRetentionDuration',
  },
  immutable: ['name'],
  unsupported: Object.values(unsupported),
} as const;

/** Throws INVALID_ARGUMENT and UNIMPLEMENTED. */
export function topicSettings(input: TopicInput): TopicSettings {
  refuseUnsupported(input, unsupported);
  checkLabels(input.labels ?? {});
  checkDuration('message_retention_duration', input.messageRetentionDuration, 600, 31 * 86_400);
  return {
    name: input.name,
    labels: input.labels ?? {},
    messageStoragePolicy: input.messageStoragePolicy ?? null,
    messageRetentionDuration: input.messageRetentionDuration ?? null,
  };
}

/** The settings after an update. Throws INVALID_ARGUMENT and UNIMPLEMENTED. */
export function updatedTopicSettings(
  current: TopicSettings,
  update: TopicInput,
  maskPaths: readonly string[],
): TopicSettings {
  const fields = maskedFields(maskPaths, updateRules);
  return topicSettings({ ...withFields(current, update, fields), name: current.name });
}

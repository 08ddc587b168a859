import { randomUUID } from 'node:crypto';
import { ApiError } from '../network/api-error.ts';
import { revisionName } from './revision-name.ts';
import type { Revision } from './service-registry.ts';
import type { RevisionTemplate } from './service-spec.ts';

/**
 * The revision of a template whose defaults are filled in.
 *
 * @throws {ApiError} ALREADY_EXISTS if the template gives it the name of one of `others`
 */
export function newRevision(
  service: string,
  { metadata, spec }: RevisionTemplate,
  { generation, creator, createdAtMs }: Pick<Revision, 'generation' | 'creator' | 'createdAtMs'>,
  others: readonly Revision[] = [],
): Revision {
  const { name = revisionName(service, generation), labels = {}, annotations = {} } = metadata;
  if (others.some((other) => other.name === name)) {
    throw new ApiError(
      'ALREADY_EXISTS',
      `Revision named '${name}' with different configuration already exists.`,
    );
  }
  return {
    name,
    uid: randomUUID(),
    generation,
    createdAtMs,
    creator,
    labels,
    annotations,
    spec,
    serviceAccount: spec.serviceAccountName ?? '',
    health: { status: 'Unknown', sinceMs: createdAtMs },
  };
}

import type { ResolvedTopology } from '../../deploy/topology.ts';
import { rfc3339 } from '../rest/rfc3339.ts';
import type { Bucket, StoredObject } from './buckets.ts';

/** https://cloud.google.com/storage/docs/json_api/v1/buckets */
export function bucketJson(
  { name, location, createdAtMs }: Bucket,
  { projectNumber }: Pick<ResolvedTopology, 'projectNumber'>,
): object {
  return {
    kind: 'storage#bucket',
    id: name,
    name,
    projectNumber,
    location,
    locationType: 'region',
    storageClass: 'STANDARD',
    timeCreated: rfc3339(createdAtMs),
    updated: rfc3339(createdAtMs),
  };
}

/** https://cloud.google.com/storage/docs/json_api/v1/objects */
export function objectJson(object: StoredObject): object {
  const { name, bucket, sizeBytes, generation, createdAtMs } = object;
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    name,
    bucket,
    generation,
    metageneration: '1',
    size: String(sizeBytes),
    storageClass: 'STANDARD',
    timeCreated: rfc3339(createdAtMs),
    updated: rfc3339(createdAtMs),
  };
}

import type { AccessRequest } from './access.ts';
import type { ConditionAttributes } from './compile-condition.ts';
import { parseResourceName, type Resource } from './resource-names.ts';

/** As https://cloud.google.com/iam/docs/conditions-resource-attributes and Cloud Asset Inventory write them. */
const typeOf: Readonly<Record<Resource['kind'], string>> = {
  project: 'cloudresourcemanager.googleapis.com/Project',
  service: 'run.googleapis.com/Service',
  topic: 'pubsub.googleapis.com/Topic',
  subscription: 'pubsub.googleapis.com/Subscription',
  serviceAccount: 'iam.googleapis.com/ServiceAccount',
};

/**
 * What conditions read of a request made at `nowMs` (since the Unix epoch). `resource.name` is the
 * resource's path in its API, without the host. Google itself fills in `resource` for some services
 * only, and Cloud Run and Pub/Sub are not among them; here it is there for all.
 */
export function attributesOf(
  { resource, http }: Pick<AccessRequest, 'resource' | 'http'>,
  nowMs: number,
): ConditionAttributes {
  const [, service, name] = /^\/\/([^/]+)\/(.+)$/.exec(resource) ?? [];
  const kind = parseResourceName(resource)?.kind;
  return {
    request: { time: new Date(nowMs), ...http },
    resource: {
      ...(service !== undefined && name !== undefined && { service, name }),
      ...(kind && { type: typeOf[kind] }),
    },
  };
}

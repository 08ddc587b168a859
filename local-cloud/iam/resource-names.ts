/**
 * Full resource names, https://cloud.google.com/iam/docs/full-resource-names: the host of the API,
 * then the resource's path in it.
 */

/** The resources that the local cloud has policies for. */
export type Resource =
  | { kind: 'project'; project: string }
  | { kind: 'service'; project: string; region: string; service: string }
  | { kind: 'topic'; project: string; topic: string }
  | { kind: 'subscription'; project: string; subscription: string }
  | { kind: 'serviceAccount'; project: string; email: string };

export function projectResource(project: string): string {
  return `//cloudresourcemanager.googleapis.com/projects/${project}`;
}

export function serviceResource(project: string, region: string, service: string): string {
  return `//run.googleapis.com/projects/${project}/locations/${region}/services/${service}`;
}

export function topicResource(project: string, topic: string): string {
  return `//pubsub.googleapis.com/projects/${project}/topics/${topic}`;
}

export function subscriptionResource(project: string, subscription: string): string {
  return `//pubsub.googleapis.com/projects/${project}/subscriptions/${subscription}`;
}

export function serviceAccountResource(project: string, email: string): string {
  return `//iam.googleapis.com/projects/${project}/serviceAccounts/${email}`;
}

/** Reads a full resource name; `undefined` for a kind of resource that is not listed above. */
export function parseResourceName(name: string): Resource | undefined {
  const [, api, project, rest] =
    /^\/\/([a-z]+)\.googleapis\.com\/projects\/([^/]+)(?:\/(.+))?$/.exec(name) ?? [];
  if (api === undefined || project === undefined) return undefined;
  if (api === 'cloudresourcemanager' && rest === undefined) return { kind: 'project', project };

  const [collection, id, subCollection, subId, ...tooMuch] = rest?.split('/') ?? [];
  if (!id || tooMuch.length > 0) return undefined;
  if (api === 'run' && collection === 'locations' && subCollection === 'services' && subId) {
    return { kind: 'service', project, region: id, service: subId };
  }
  if (subCollection !== undefined) return undefined;
  if (api === 'pubsub' && collection === 'topics') return { kind: 'topic', project, topic: id };
  if (api === 'pubsub' && collection === 'subscriptions') {
    return { kind: 'subscription', project, subscription: id };
  }
  if (api === 'iam' && collection === 'serviceAccounts') {
    return { kind: 'serviceAccount', project, email: id };
  }
  return undefined;
}

/** The resource whose policy is united with `name`'s own: its project. A project has none here. */
export function parentOf(name: string): string | undefined {
  const [, project] = /^\/\/[^/]+\/projects\/([^/]+)\/.+$/.exec(name) ?? [];
  return project === undefined ? undefined : projectResource(project);
}

/** The project that a resource is in, or is. */
export function projectOf(name: string): string | undefined {
  return /^\/\/[^/]+\/projects\/([^/]+)(?:\/|$)/.exec(name)?.[1];
}

/** What a person calls the resource in a sentence: `receiver`, `topic events`, `project demo`. */
export function describeResource(name: string): string {
  const resource = parseResourceName(name);
  switch (resource?.kind) {
    case 'project':
      return `project ${resource.project}`;
    case 'service':
      return resource.service;
    case 'topic':
      return `topic ${resource.topic}`;
    case 'subscription':
      return `subscription ${resource.subscription}`;
    case 'serviceAccount':
      return `service account ${resource.email}`;
    case undefined:
      return name;
  }
}

import { invalidArgument } from '../network/api-error.ts';

/** A topic or a subscription, by the parts of its name. */
export interface ResourceName {
  kind: 'topics' | 'subscriptions';
  project: string;
  id: string;
}

/**
 * 3 to 255 of these characters, the first a letter, and not beginning with "goog":
 * https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names
 */
const idPattern = /^(?!goog)[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/;
/** Also takes the names with a domain of old projects, such as `example.com:demo`. */
const projectPattern = /^[a-z0-9][a-z0-9.:-]*$/;

/** Reads `projects/P/topics/T`. Throws INVALID_ARGUMENT. */
export function parseTopicName(name: string): ResourceName {
  return parse(name, 'topics');
}

/** Reads `projects/P/subscriptions/S`. Throws INVALID_ARGUMENT. */
export function parseSubscriptionName(name: string): ResourceName {
  return parse(name, 'subscriptions');
}

/** Reads the name of a topic or of a subscription, as IAM calls take both. Throws INVALID_ARGUMENT. */
export function parseResource(name: string): ResourceName {
  return parse(name, name.split('/')[2] === 'subscriptions' ? 'subscriptions' : 'topics');
}

/** Reads `projects/P`; answers P. Throws INVALID_ARGUMENT. */
export function parseProjectName(name: string): string {
  const [projects, project = '', ...rest] = name.split('/');
  if (projects !== 'projects' || !projectPattern.test(project) || rest.length > 0) {
    throw invalidName(name);
  }
  return project;
}

function parse(name: string, kind: ResourceName['kind']): ResourceName {
  const [projects, project = '', collection, id = '', ...rest] = name.split('/');
  const isValid =
    projects === 'projects' &&
    projectPattern.test(project) &&
    collection === kind &&
    idPattern.test(id) &&
    rest.length === 0;
  if (!isValid) throw invalidName(name);
  return { kind, project, id };
}

function invalidName(name: string) {
  return invalidArgument(
    `Invalid resource name given (name=${name}). Refer to https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names for more information.`,
  );
}

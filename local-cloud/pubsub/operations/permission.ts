import type { AccessRequest, Principal } from '../../iam/access.ts';
import { projectResource, subscriptionResource, topicResource } from '../../iam/resource-names.ts';
import { PubsubError } from '../pubsub-error.ts';
import {
  parseProjectName,
  parseSubscriptionName,
  parseTopicName,
  type ResourceName,
} from '../resource-name.ts';
import type { AccessControl } from './services.ts';

/**
 * Asks IAM before anything is looked up, so that who may not see a resource does not learn whether
 * it exists. Throws PERMISSION_DENIED.
 */
export function requirePermission(
  access: AccessControl,
  request: AccessRequest,
  action: string,
): void {
  if (!access.authorize(request, action).allowed) throw permissionDenied();
}

export function permissionDenied(): PubsubError {
  return new PubsubError('PERMISSION_DENIED', 'User not authorized to perform this action.');
}

/** The full resource name of a topic or a subscription. */
export function fullResourceName({ kind, project, id }: ResourceName): string {
  return kind === 'topics' ? topicResource(project, id) : subscriptionResource(project, id);
}

/** On the topic `projects/P/topics/T`. Throws INVALID_ARGUMENT for another name. */
export function onTopic(name: string, permission: string, principal: Principal): AccessRequest {
  return { principal, permission, resource: fullResourceName(parseTopicName(name)) };
}

/** On the subscription `projects/P/subscriptions/S`. Throws INVALID_ARGUMENT for another name. */
export function onSubscription(
  name: string,
  permission: string,
  principal: Principal,
): AccessRequest {
  return { principal, permission, resource: fullResourceName(parseSubscriptionName(name)) };
}

/** On the project `projects/P`. Throws INVALID_ARGUMENT for another name. */
export function onProject(name: string, permission: string, principal: Principal): AccessRequest {
  return { principal, permission, resource: projectResource(parseProjectName(name)) };
}

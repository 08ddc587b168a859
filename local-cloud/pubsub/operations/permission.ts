import type { AccessRequest, Principal } from '../../iam/access.ts';
import { requirePermission as require } from '../../iam/require-permission.ts';
import { projectResource, subscriptionResource, topicResource } from '../../iam/resource-names.ts';
import {
  parseProjectName,
  parseSubscriptionName,
  parseTopicName,
  type ResourceName,
} from '../resource-name.ts';
import type { AccessControl } from './services.ts';

/** Pub/Sub's words for no. */
export const denied = 'User not authorized to perform this action.';

/** Asks IAM, and says no in Pub/Sub's words. @throws {ApiError} PERMISSION_DENIED, UNAUTHENTICATED */
export function requirePermission(
  access: AccessControl,
  request: AccessRequest,
  action: string,
): void {
  require(access, request, action, denied);
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

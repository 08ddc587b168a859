import { InvalidPolicyError, type Policy, StaleEtagError } from '../../iam/policy-store.ts';
import type { Broker } from '../broker/broker.ts';
import { invalidArgument, PubsubError } from '../pubsub-error.ts';
import { parseResource, type ResourceName } from '../resource-name.ts';
import { fullResourceName, requirePermission } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';

export interface SetIamPolicyRequest {
  resource: string;
  policy: PolicyInput | null;
}

/** A policy as clients send it: without an etag it replaces whatever is there. */
export type PolicyInput = Pick<Policy, 'bindings'> & Partial<Policy>;

type Services = Pick<PubsubServices, 'broker' | 'access' | 'policies'>;

export function getIamPolicy({
  broker,
  access,
  policies,
}: Services): Operation<{ resource: string }, Policy> {
  return (request, { principal }) => {
    const name = parseResource(request.resource);
    const resource = fullResourceName(name);
    const permission = `pubsub.${name.kind}.getIamPolicy`;
    requirePermission(access, { principal, permission, resource }, 'GetIamPolicy');
    requireExistence(broker, request.resource, name);
    return policies.get(resource);
  };
}

/** A stale etag is ABORTED: https://cloud.google.com/iam/docs/allow-policies#etag */
export function setIamPolicy({
  broker,
  access,
  policies,
}: Services): Operation<SetIamPolicyRequest, Policy> {
  return (request, { principal }) => {
    const name = parseResource(request.resource);
    const resource = fullResourceName(name);
    const permission = `pubsub.${name.kind}.setIamPolicy`;
    requirePermission(access, { principal, permission, resource }, 'SetIamPolicy');
    requireExistence(broker, request.resource, name);
    if (!request.policy)
      throw invalidArgument('The policy in the SetIamPolicyRequest must be set.');
    try {
      return policies.set(resource, request.policy);
    } catch (error) {
      if (error instanceof InvalidPolicyError) throw invalidArgument(error.message);
      if (error instanceof StaleEtagError) throw concurrentChange();
      throw error;
    }
  };
}

/** Needs no permission, and a resource that does not exist grants none. Not recorded. */
export function testIamPermissions({
  access,
}: Pick<PubsubServices, 'access'>): Operation<
  { resource: string; permissions: string[] },
  { permissions: string[] }
> {
  return (request, { principal }) => {
    const resource = fullResourceName(parseResource(request.resource));
    const wildcard = request.permissions.find((permission) => permission.includes('*'));
    if (wildcard !== undefined) throw invalidArgument(`Permission ${wildcard} is not valid.`);
    const permissions = request.permissions.filter(
      (permission) => access.check({ principal, permission, resource }).allowed,
    );
    return { permissions };
  };
}

function requireExistence(broker: Broker, name: string, { kind }: ResourceName): void {
  if (kind === 'topics') broker.topic(name);
  else broker.subscription(name);
}

function concurrentChange(): PubsubError {
  return new PubsubError(
    'ABORTED',
    'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
  );
}

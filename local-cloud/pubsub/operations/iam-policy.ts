import type { Policy, PolicyUpdate } from '../../iam/policy.ts';
import * as iam from '../../iam/policy-methods.ts';
import type { Broker } from '../broker/broker.ts';
import { parseResource } from '../resource-name.ts';
import { denied, fullResourceName } from './permission.ts';
import type { Operation, PubsubServices } from './services.ts';

export interface GetIamPolicyRequest {
  resource: string;
  options?: { requestedPolicyVersion: number } | null;
}

export interface SetIamPolicyRequest {
  resource: string;
  policy: PolicyUpdate | null;
}

type Services = Pick<PubsubServices, 'broker' | 'access' | 'policies'>;

export function getIamPolicy(services: Services): Operation<GetIamPolicyRequest, Policy> {
  return ({ resource, options }, { principal }) =>
    iam.getIamPolicy(
      services,
      targetOf(services.broker, resource),
      principal,
      options?.requestedPolicyVersion,
    );
}

export function setIamPolicy(services: Services): Operation<SetIamPolicyRequest, Policy> {
  return ({ resource, policy }, { principal }) =>
    iam.setIamPolicy(services, targetOf(services.broker, resource), principal, policy);
}

export function testIamPermissions(
  services: Pick<PubsubServices, 'access'>,
): Operation<{ resource: string; permissions: string[] }, { permissions: string[] }> {
  return ({ resource, permissions }, { principal }) =>
    iam.testIamPermissions(
      services,
      fullResourceName(parseResource(resource)),
      principal,
      permissions,
    );
}

function targetOf(broker: Broker, name: string): iam.PolicyTarget {
  const parsed = parseResource(name);
  return {
    resource: fullResourceName(parsed),
    permissions: `pubsub.${parsed.kind}`,
    requireExistence: () =>
      void (parsed.kind === 'topics' ? broker.topic(name) : broker.subscription(name)),
    denied,
  };
}

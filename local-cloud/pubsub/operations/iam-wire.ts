import type { BindingUpdate, Policy, PolicyUpdate } from '../../iam/policy.ts';
import { unimplemented } from '../../network/api-error.ts';
import type { GetIamPolicyRequest, SetIamPolicyRequest } from './iam-policy.ts';
import type { Operation } from './services.ts';

/** As `google.iam.v1.Policy`: the etag is bytes, which the rest of IAM writes in base64. */
export interface WirePolicy {
  version: number;
  bindings: { role: string; members: string[]; condition: WireCondition | null }[];
  auditConfigs: unknown[];
  etag: Buffer;
}

interface WireCondition {
  expression: string;
  title: string;
  description: string;
}

export interface WireSetIamPolicyRequest {
  resource: string;
  policy: WirePolicy | null;
}

/** Carries GetIamPolicy. */
export function getPolicyOnWire(
  operation: Operation<GetIamPolicyRequest, Policy>,
): Operation<GetIamPolicyRequest, object> {
  return async (request, caller) => toWire(await operation(request, caller));
}

/** Carries SetIamPolicy. */
export function setPolicyOnWire(
  operation: Operation<SetIamPolicyRequest, Policy>,
): Operation<WireSetIamPolicyRequest, object> {
  return async ({ resource, policy }, caller) => {
    const input = policy && fromWire(policy);
    return toWire(await operation({ resource, policy: input }, caller));
  };
}

function toWire({ version, bindings, etag }: Policy): object {
  return { version, bindings, etag: Buffer.from(etag, 'base64') };
}

function fromWire({ version, bindings, auditConfigs, etag }: WirePolicy): PolicyUpdate {
  if (auditConfigs.length > 0) throw unimplemented('audit_configs in policies');
  return {
    version,
    bindings: bindings.map(bindingFromWire),
    etag: etag.toString('base64'),
  };
}

function bindingFromWire({
  role,
  members,
  condition,
}: WirePolicy['bindings'][number]): BindingUpdate {
  if (!condition) return { role, members };
  const { title, description, expression } = condition;
  return { role, members, condition: { title, description, expression } };
}

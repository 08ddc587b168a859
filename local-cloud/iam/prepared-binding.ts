import type { AccessRequest } from './access.ts';
import {
  type CompiledCondition,
  type ConditionResult,
  compileCondition,
} from './compile-condition.ts';
import { attributesOf } from './condition-attributes.ts';
import { type Member, parseMember } from './members.ts';
import type { Binding, Condition } from './policy.ts';

/** A binding ready to be evaluated: read and compiled once, when the policy is set. */
export interface PreparedBinding {
  role: string;
  members: readonly Member[];
  condition?: Condition & { evaluate: CompiledCondition };
}

/** @throws {InvalidPolicyError} for a condition that cannot be compiled */
export function prepareBinding({ role, members, condition }: Binding): PreparedBinding {
  return {
    role,
    members: members.map(parseMember).filter((member) => member !== undefined),
    ...(condition && { condition: { ...condition, evaluate: compileCondition(condition) } }),
  };
}

/** Whether a binding's condition holds for a request made at `nowMs` (since the Unix epoch); none always does. */
export function conditionResult(
  condition: PreparedBinding['condition'],
  request: Pick<AccessRequest, 'resource' | 'http'>,
  nowMs: number,
): ConditionResult {
  return condition ? condition.evaluate(attributesOf(request, nowMs)) : { met: true };
}

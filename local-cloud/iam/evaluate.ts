import type { AccessRequest, Closest, Decision } from './access.ts';
import { findClosest } from './find-closest.ts';
import { findMatches, type Match, type MatchContext } from './find-matches.ts';
import { formatMember } from './members.ts';
import type { AttachedBindings } from './policy-store.ts';
import { conditionResult } from './prepared-binding.ts';
import { reasonForRefusal } from './refusal-reason.ts';
import { remedyFor } from './remedy.ts';
import { describeResource } from './resource-names.ts';
import type { AccountDirectory } from './service-accounts.ts';

/** Everything a decision depends on. */
export interface EvaluationContext extends MatchContext {
  /** When the request is made, in milliseconds since the Unix epoch. */
  nowMs: number;
  /** Of the resource itself and of what it belongs to, nearest first: they are united. */
  policies: readonly AttachedBindings[];
  /** All others; only asked for after a refusal, to say what came closest. */
  elsewhere: () => readonly AttachedBindings[];
  accounts: AccountDirectory;
}

/**
 * IAM's answer to one question, with its reason. Access granted on the resource or on its project
 * counts; nothing takes it away again (https://cloud.google.com/iam/docs/allow-policies), save that an
 * account which is disabled or deleted gets nothing at all, not even what everybody may: it cannot
 * authenticate any more (https://cloud.google.com/iam/docs/service-accounts-disable-enable). Pure.
 */
export function evaluate(request: AccessRequest, context: EvaluationContext): Decision {
  const state = context.accounts.stateOf(request.principal);
  if (state !== 'active' && state !== 'unknown') {
    return refuse(request, { kind: 'account', state }, context);
  }
  for (const match of findMatches(request, context.policies, context)) {
    if (conditionResult(match.condition, request, context.nowMs).met) return allow(request, match);
  }
  return refuse(request, findClosest(request, context), context);
}

function allow(request: AccessRequest, { resource, role, member, condition }: Match): Decision {
  const text = formatMember(member);
  const reason = [
    `${role} on ${describeResource(resource)} is bound to ${text}`,
    member.kind === 'group' ? `, which ${request.principal} is in` : '',
    condition ? `, and its condition "${condition.title}" holds` : '',
  ].join('');
  return { ...request, allowed: true, grantedBy: { resource, role, member: text }, reason };
}

function refuse(
  request: AccessRequest,
  closest: Closest | undefined,
  context: EvaluationContext,
): Decision {
  return {
    ...request,
    allowed: false,
    reason: reasonForRefusal(request, closest),
    closest,
    remedy: remedyFor(request, closest, context),
  };
}

import type { AccessRequest, Closest } from './access.ts';
import type { EvaluationContext } from './evaluate.ts';
import { bindingsWith, findMatches, type Match } from './find-matches.ts';
import { formatMember } from './members.ts';
import { conditionResult } from './prepared-binding.ts';
import { smallestRoleWith } from './remedy.ts';

/** What came closest to allowing a request that no binding allows: see the order in {@link Closest}. */
export function findClosest(
  request: AccessRequest,
  context: EvaluationContext,
): Closest | undefined {
  const pending = pendingGrant(request, context);
  // Whoever sends no credentials is helped by sending some, not by another binding.
  if (pending || request.principal === 'anonymous') return pending;
  return (
    unmetCondition(request, context) ??
    deletedMember(request, context) ??
    otherResource(request, context) ??
    otherMember(request, context)
  );
}

function pendingGrant(request: AccessRequest, context: EvaluationContext): Closest | undefined {
  const { policies, nowMs } = context;
  for (const { resource, pending } of policies) {
    for (const { bindings, effectiveAtMs } of pending) {
      for (const match of findMatches(request, [{ resource, bindings }], context)) {
        if (!conditionResult(match.condition, request, nowMs).met) continue;
        const inSeconds = Math.ceil((effectiveAtMs - nowMs) / 1000);
        return { kind: 'pending', ...named(match), inSeconds };
      }
    }
  }
  return undefined;
}

/** All matches are such: one whose condition is met would have allowed the request. */
function unmetCondition(request: AccessRequest, context: EvaluationContext): Closest | undefined {
  for (const match of findMatches(request, context.policies, context)) {
    const { error } = conditionResult(match.condition, request, context.nowMs);
    const { title = '', expression = '' } = match.condition ?? {};
    return {
      kind: 'condition',
      ...named(match),
      title,
      expression,
      ...(error !== undefined && { error }),
    };
  }
  return undefined;
}

function deletedMember(
  { principal, permission }: AccessRequest,
  context: EvaluationContext,
): Closest | undefined {
  for (const { resource, role, members } of bindingsWith(permission, context.policies, context)) {
    const member = members.find(
      (candidate) =>
        candidate.kind === 'deleted' && `${candidate.was}:${candidate.email}` === principal,
    );
    if (member) return { kind: 'deleted-member', resource, role, member: formatMember(member) };
  }
  return undefined;
}

function otherResource(request: AccessRequest, context: EvaluationContext): Closest | undefined {
  const [match] = findMatches(request, context.elsewhere(), context);
  return match && { kind: 'other-resource', ...named(match) };
}

/** Only the role that is meant for it, on this very resource: that an editor may too helps nobody. */
function otherMember(
  { permission, resource }: AccessRequest,
  context: EvaluationContext,
): Closest | undefined {
  const usual = smallestRoleWith(permission, context.roles)?.name;
  for (const { role, members, resource: on } of bindingsWith(
    permission,
    context.policies,
    context,
  )) {
    if (on !== resource || role !== usual) continue;
    return { kind: 'other-member', resource, role, members: members.map(formatMember) };
  }
  return undefined;
}

function named({ resource, role, member }: Match) {
  return { resource, role, member: formatMember(member) };
}

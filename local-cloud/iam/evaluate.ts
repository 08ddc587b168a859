import type { AccessRequest, Decision } from './access.ts';
import { formatMember, type GroupDirectory, memberIncludes, parseMember } from './members.ts';
import type { Binding, Policy } from './policy-store.ts';
import { remedyFor, smallestRoleWith } from './remedy.ts';
import { describeResource } from './resource-names.ts';
import type { RoleCatalog } from './roles.ts';

/** A policy and the resource it stands on. */
export interface AttachedPolicy {
  /** Full resource name. */
  resource: string;
  policy: Policy;
}

/** Everything a decision depends on. */
export interface EvaluationContext {
  /** Of the resource itself and of what it belongs to, nearest first: they are united. */
  policies: readonly AttachedPolicy[];
  /** Other policies; only asked for after a refusal, to say what came closest. */
  elsewhere?: () => readonly AttachedPolicy[];
  roles: RoleCatalog;
  directory: GroupDirectory;
}

/**
 * IAM's answer to one question, with its reason. Access granted on the resource or on its project
 * counts; nothing takes it away again (https://cloud.google.com/iam/docs/allow-policies). Pure.
 */
export function evaluate(request: AccessRequest, context: EvaluationContext): Decision {
  const { principal, permission, resource } = request;
  for (const { resource: on, role, members } of bindingsWith(
    permission,
    context.policies,
    context.roles,
  )) {
    for (const text of members) {
      const member = parseMember(text);
      if (!member || !memberIncludes(member, principal, context.directory)) continue;
      const reason = `${role} on ${describeResource(on)} is bound to ${formatMember(member)}`;
      return {
        ...request,
        allowed: true,
        grantedBy: { resource: on, role, member: text },
        reason: member.kind === 'group' ? `${reason}, which ${principal} is in` : reason,
      };
    }
  }
  return {
    ...request,
    allowed: false,
    reason:
      principal === 'anonymous'
        ? anonymousReason(permission, resource)
        : `${principal} has no role with ${permission} on ${describeResource(resource)}${closest(request, context)}`,
    remedy: remedyFor(request, context.roles),
  };
}

function anonymousReason(permission: string, resource: string): string {
  const name = describeResource(resource);
  return permission === 'run.routes.invoke'
    ? `the request carries no token and ${name} is not public: send an ID token made for the URL of ${name}`
    : `the request carries no credentials, and ${permission} on ${name} is not public`;
}

/** Bindings whose role has the permission. One with a condition never counts: not supported yet. */
function* bindingsWith(
  permission: string,
  policies: readonly AttachedPolicy[],
  roles: RoleCatalog,
): Generator<Binding & { resource: string }> {
  for (const { resource, policy } of policies) {
    for (const binding of policy.bindings) {
      const grants = roles.get(binding.role)?.permissions.has(permission) ?? false;
      if (grants && !binding.condition) yield { ...binding, resource };
    }
  }
}

/** What came closest to allowing the request, as the end of a sentence; empty if nothing did. */
function closest(request: AccessRequest, context: EvaluationContext): string {
  const { principal, permission, resource } = request;
  const here = [...bindingsWith(permission, context.policies, context.roles)];
  for (const { role, members, resource: on } of here) {
    if (members.some((text) => isDeletedForm(text, principal))) {
      return `; ${role} on ${describeResource(on)} is bound to a deleted account of that name, which no longer counts`;
    }
  }
  for (const { role, members, resource: on } of bindingsWith(
    permission,
    context.elsewhere?.() ?? [],
    context.roles,
  )) {
    const member = members
      .map(parseMember)
      .find((candidate) => candidate && memberIncludes(candidate, principal, context.directory));
    if (member) return `; it has ${role} on ${describeResource(on)}, which is another resource`;
  }
  // The role that is meant for it, held by somebody else on this very resource.
  const usual = smallestRoleWith(permission, context.roles)?.name;
  const held = here.find((binding) => binding.resource === resource && binding.role === usual);
  return held
    ? `; ${held.role} on ${describeResource(resource)} is bound to ${listed(held.members)}`
    : '';
}

function isDeletedForm(text: string, principal: string): boolean {
  const member = parseMember(text);
  return member?.kind === 'deleted' && `${member.was}:${member.email}` === principal;
}

function listed(members: readonly string[]): string {
  const [first = 'nobody', ...others] = members;
  return others.length === 0 ? `${first} only` : `${first} and ${others.length} more`;
}

import type { AccessRequest } from './access.ts';
import { type GroupDirectory, type Member, memberIncludes } from './members.ts';
import type { PreparedBinding } from './prepared-binding.ts';
import type { RoleCatalog } from './roles.ts';

/** A binding that would allow a request, if its condition holds. */
export interface Match {
  /** Full resource name. */
  resource: string;
  role: string;
  /** The member of the binding that means the principal. */
  member: Member;
  condition: PreparedBinding['condition'];
}

/** What decides whether a binding concerns a request. */
export interface MatchContext {
  roles: RoleCatalog;
  directory: GroupDirectory;
}

/** The bindings whose role has the permission. */
export function* bindingsWith(
  permission: string,
  attached: Iterable<{ resource: string; bindings: readonly PreparedBinding[] }>,
  { roles }: Pick<MatchContext, 'roles'>,
): Generator<PreparedBinding & { resource: string }> {
  for (const { resource, bindings } of attached) {
    for (const binding of bindings) {
      if (roles.get(binding.role)?.permissions.has(permission)) yield { resource, ...binding };
    }
  }
}

/** Those of them that mean the principal, in the same order. */
export function* findMatches(
  { principal, permission }: Pick<AccessRequest, 'principal' | 'permission'>,
  attached: Iterable<{ resource: string; bindings: readonly PreparedBinding[] }>,
  context: MatchContext,
): Generator<Match> {
  for (const { resource, role, members, condition } of bindingsWith(
    permission,
    attached,
    context,
  )) {
    const member = members.find((candidate) =>
      memberIncludes(candidate, principal, context.directory),
    );
    if (member) yield { resource, role, member, condition };
  }
}

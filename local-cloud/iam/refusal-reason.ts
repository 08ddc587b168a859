import type { AccessRequest, Closest } from './access.ts';
import { describeResource } from './resource-names.ts';

/** Why a request is refused, in one sentence for a person. */
export function reasonForRefusal(request: AccessRequest, closest: Closest | undefined): string {
  const { principal, permission, resource } = request;
  if (closest?.kind === 'account') return accountReason(principal, closest.state);
  if (principal === 'anonymous' && !closest) return anonymousReason(permission, resource);
  const missing = `${principal} has no role with ${permission} on ${describeResource(resource)}`;
  return closest ? `${missing}; ${describe(closest)}` : missing;
}

function accountReason(
  principal: string,
  state: Extract<Closest, { kind: 'account' }>['state'],
): string {
  switch (state) {
    case 'disabled':
      return `${principal} is disabled, and a disabled account may do nothing`;
    case 'deleted':
      return `${principal} was deleted`;
    case 'absent':
      return `${principal} does not exist`;
  }
}

function anonymousReason(permission: string, resource: string): string {
  const name = describeResource(resource);
  return permission === 'run.routes.invoke'
    ? `the request carries no token and ${name} is not public: send an ID token made for the URL of ${name}`
    : `the request carries no credentials, and ${permission} on ${name} is not public`;
}

function describe(closest: Exclude<Closest, { kind: 'account' }>): string {
  const binding = `${closest.role} on ${describeResource(closest.resource)}`;
  switch (closest.kind) {
    case 'pending':
      return `${binding} was bound to ${closest.member}, which takes effect in ${closest.inSeconds} s`;
    case 'condition': {
      const { member, title, expression, error } = closest;
      const state = error === undefined ? 'is false' : `cannot be evaluated: ${error}`;
      return `${binding} is bound to ${member}, but its condition "${title}" (${expression}) ${state}`;
    }
    case 'deleted-member':
      return `${binding} is bound to a deleted account of that name, which no longer counts`;
    case 'other-resource':
      return `it has ${binding}, which is another resource`;
    case 'other-member':
      return `${binding} is bound to ${listed(closest.members)}`;
  }
}

function listed(members: readonly string[]): string {
  const [first = 'nobody', ...others] = members;
  return others.length === 0 ? `${first} only` : `${first} and ${others.length} more`;
}

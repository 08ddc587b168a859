import { shellQuote } from '../shell-quote.ts';
import type { AccessRequest, Closest } from './access.ts';
import { basicRoles } from './basic-roles.ts';
import type { AttachedBindings } from './policy-store.ts';
import { parseResourceName, type Resource } from './resource-names.ts';
import type { Role, RoleCatalog } from './roles.ts';
import type { AccountDirectory } from './service-accounts.ts';

/** In a terminal that knows nothing of the local cloud, plain gcloud would change a real project. */
const gcloud = 'npm run gcloud --';

/**
 * The gcloud command that would allow `request`: the smallest role with the permission, on the very
 * resource, or what brings the account back. `undefined` where there is none: for a request without
 * credentials (the answer to that is to send some, not to make the resource public), for an account
 * that never existed, for a change that only needs time, and for resources that have no policy.
 */
export function remedyFor(
  { principal, permission, resource }: AccessRequest,
  closest: Closest | undefined,
  context: {
    roles: RoleCatalog;
    accounts: AccountDirectory;
    policies: readonly AttachedBindings[];
  },
): string | undefined {
  if (closest?.kind === 'pending') return undefined;
  if (closest?.kind === 'account') return revival(principal, closest.state, context.accounts);
  const role = smallestRoleWith(permission, context.roles);
  const parsed = parseResourceName(resource);
  if (principal === 'anonymous' || !role || !parsed) return undefined;
  const command = `${grantCommand(parsed)} --member=${quote(principal)} --role=${role.name}`;
  const isConditional = context.policies.some(
    (attached) => attached.resource === resource && hasConditions(attached),
  );
  return isConditional && takesCondition(parsed) ? `${command} --condition=None` : command;
}

function revival(
  principal: AccessRequest['principal'],
  state: Extract<Closest, { kind: 'account' }>['state'],
  accounts: AccountDirectory,
): string | undefined {
  const email = principal.slice(principal.indexOf(':') + 1);
  if (state === 'disabled') return `${gcloud} iam service-accounts enable ${quote(email)}`;
  const uniqueId = state === 'deleted' ? accounts.uniqueIdOf(principal) : undefined;
  return uniqueId && `${gcloud} iam service-accounts undelete ${uniqueId}`;
}

/** Of the policy as it is written: that is what gcloud reads. */
function hasConditions({ bindings, pending }: AttachedBindings): boolean {
  return (pending.at(-1)?.bindings ?? bindings).some(({ condition }) => condition);
}

/** gcloud asks for a condition where the policy has one; its Pub/Sub commands know of none. */
function takesCondition({ kind }: Resource): boolean {
  return kind === 'project' || kind === 'service' || kind === 'serviceAccount';
}

/** The role to hold for `permission`: of its own service if possible, then the fewest permissions. */
export function smallestRoleWith(permission: string, roles: RoleCatalog): Role | undefined {
  const service = permission.slice(0, permission.indexOf('.'));
  const isForeign = (role: Role) => (role.name.startsWith(`roles/${service}.`) ? 0 : 1);
  const [smallest] = [...roles.values()]
    .filter((role) => role.permissions.has(permission) && !basicRoles.has(role.name))
    .sort((a, b) => isForeign(a) - isForeign(b) || a.permissions.size - b.permissions.size);
  return smallest;
}

function grantCommand(resource: Resource): string {
  switch (resource.kind) {
    case 'project':
      return `${gcloud} projects add-iam-policy-binding ${quote(resource.project)}`;
    case 'service':
      return `${gcloud} run services add-iam-policy-binding ${quote(resource.service)} --region=${quote(resource.region)}`;
    case 'topic':
      return `${gcloud} pubsub topics add-iam-policy-binding ${quote(resource.topic)}`;
    case 'subscription':
      return `${gcloud} pubsub subscriptions add-iam-policy-binding ${quote(resource.subscription)}`;
    case 'serviceAccount':
      return `${gcloud} iam service-accounts add-iam-policy-binding ${quote(resource.email)}`;
  }
}

/** For a POSIX shell. Names may come from a request, and the command is there to be pasted. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellQuote(text);
}

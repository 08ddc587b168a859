import type { AccessRequest } from './access.ts';
import { parseResourceName, type Resource } from './resource-names.ts';
import type { Role, RoleCatalog } from './roles.ts';

/**
 * The gcloud command that would allow `request`: the smallest role with the permission, on the very
 * resource. `undefined` where there is none: for a request without credentials (the answer to that
 * is to send some, not to make the resource public) and for resources that have no policy.
 */
export function remedyFor(
  { principal, permission, resource }: AccessRequest,
  roles: RoleCatalog,
): string | undefined {
  const role = smallestRoleWith(permission, roles);
  const parsed = parseResourceName(resource);
  if (principal === 'anonymous' || !role || !parsed) return undefined;
  return `${grantCommand(parsed)} --member=${quote(principal)} --role=${role.name}`;
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

/** Never proposed: they hold thousands of permissions. */
const basicRoles: ReadonlySet<string> = new Set(['roles/owner', 'roles/editor', 'roles/viewer']);

function grantCommand(resource: Resource): string {
  switch (resource.kind) {
    case 'project':
      return `gcloud projects add-iam-policy-binding ${quote(resource.project)}`;
    case 'service':
      return `gcloud run services add-iam-policy-binding ${quote(resource.service)} --region=${quote(resource.region)}`;
    case 'topic':
      return `gcloud pubsub topics add-iam-policy-binding ${quote(resource.topic)}`;
    case 'subscription':
      return `gcloud pubsub subscriptions add-iam-policy-binding ${quote(resource.subscription)}`;
    case 'serviceAccount':
      return `gcloud iam service-accounts add-iam-policy-binding ${quote(resource.email)}`;
  }
}

/** For a POSIX shell. Names may come from a request, and the command is there to be pasted. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

import type { RestMethod } from '../../../rest/rest-api.ts';
import {
  customRolePath,
  noSuchRole,
  type RoleServices,
  requireRole,
  requireUnchanged,
} from './find-role.ts';
import { roleJson } from './role-json.ts';

export function deleteRole(services: RoleServices): RestMethod {
  return {
    name: 'google.iam.admin.v1.DeleteRole',
    verb: 'DELETE',
    path: customRolePath,
    handle(call) {
      const role = requireRole(services, call, 'iam.roles.delete', 'DeleteRole');
      requireUnchanged(role, call.query.get('etag'));
      if (role.deletedAtMs !== undefined) throw noSuchRole(role.name);
      services.roles.delete(role);
      return roleJson(role, 'FULL');
    },
  };
}

import { z } from 'zod';
import { ApiError } from '../../../network/api-error.ts';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { customRolePath, type RoleServices, requireRole, requireUnchanged } from './find-role.ts';
import { roleJson } from './role-json.ts';

const schema = z.strictObject({ etag: z.string().optional() });

export function undeleteRole(services: RoleServices): RestMethod {
  return {
    name: 'google.iam.admin.v1.UndeleteRole',
    verb: 'POST',
    path: `${customRolePath}:undelete`,
    handle(call) {
      const role = requireRole(services, call, 'iam.roles.undelete', 'UndeleteRole');
      requireUnchanged(role, parseBody(schema, call.body).etag);
      if (role.deletedAtMs === undefined) {
        throw new ApiError('FAILED_PRECONDITION', `${role.name} is not deleted.`);
      }
      services.roles.undelete(role);
      return roleJson(role, 'FULL');
    },
  };
}

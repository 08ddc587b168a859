import { ApiError } from '../../../network/api-error.ts';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { fieldsToUpdate } from '../../../rest/update-mask.ts';
import type { RoleContent } from '../../custom-roles.ts';
import { customRolePath, type RoleServices, requireRole, requireUnchanged } from './find-role.ts';
import { contentOf, roleJson, roleSchema } from './role-json.ts';

const mutable = ['title', 'description', 'stage', 'includedPermissions'] as const;

export function updateRole(services: RoleServices): RestMethod {
  return {
    name: 'google.iam.admin.v1.UpdateRole',
    verb: 'PATCH',
    path: customRolePath,
    handle(call) {
      const role = requireRole(services, call, 'iam.roles.update', 'UpdateRole');
      const body = parseBody(roleSchema, call.body);
      const fields = fieldsToUpdate(call.query.get('updateMask') ?? '', body, mutable);
      requireUnchanged(role, body.etag);
      if (role.deletedAtMs !== undefined) {
        throw new ApiError('FAILED_PRECONDITION', `${role.name} is deleted: undelete it first.`);
      }
      services.roles.update(role, changesOf(contentOf(body), fields));
      return roleJson(role, 'FULL');
    },
  };
}

function changesOf(
  content: RoleContent,
  fields: readonly (typeof mutable)[number][],
): Partial<RoleContent> {
  const ours = fields.map((field) => (field === 'includedPermissions' ? 'permissions' : field));
  return Object.fromEntries(ours.map((field) => [field, content[field]]));
}

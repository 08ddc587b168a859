import { z } from 'zod';
import { invalidArgument } from '../../../network/api-error.ts';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { requireProject } from '../require-project.ts';
import { customRolesPath, type RoleServices } from './find-role.ts';
import { contentOf, roleJson, roleSchema } from './role-json.ts';

const schema = z.strictObject({
  roleId: z.string().default(''),
  role: roleSchema.default({}),
});
/** https://cloud.google.com/iam/docs/creating-custom-roles#naming-custom-role */
const idPattern = /^[a-zA-Z0-9_.]{3,64}$/;

export function createRole(services: RoleServices): RestMethod {
  return {
    name: 'google.iam.admin.v1.CreateRole',
    verb: 'POST',
    path: customRolesPath,
    handle(call) {
      const project = requireProject(services, call, 'iam.roles.create', 'CreateRole');
      const { roleId, role } = parseBody(schema, call.body);
      if (!idPattern.test(roleId)) {
        throw invalidArgument(
          `The role_id ${JSON.stringify(roleId)} must have 3 to 64 letters, digits, underscores and periods.`,
        );
      }
      return roleJson(services.roles.create(project, roleId, contentOf(role)), 'FULL');
    },
  };
}

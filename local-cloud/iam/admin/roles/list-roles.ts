import { listPage } from '../../../rest/list-page.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { predefinedRoles, type Role } from '../../roles.ts';
import { requireProject } from '../require-project.ts';
import { customRolesPath, type RoleServices } from './find-role.ts';
import { roleJson, viewOf } from './role-json.ts';

/** The predefined roles, which anybody may read, and the custom roles of a project. */
export function listRoles(services: RoleServices): RestMethod[] {
  return [
    {
      name: 'google.iam.admin.v1.ListRoles',
      verb: 'GET',
      path: '/v1/roles',
      handle: ({ query }) => rolesJson(predefinedRoles.values(), query),
    },
    {
      name: 'google.iam.admin.v1.ListRoles',
      verb: 'GET',
      path: customRolesPath,
      handle(call) {
        const project = requireProject(services, call, 'iam.roles.list', 'ListRoles');
        const deleted = call.query.get('showDeleted') === 'true';
        return rolesJson(services.roles.list(project, { deleted }), call.query);
      },
    },
  ];
}

/** @throws {ApiError} INVALID_ARGUMENT */
export function rolesJson(roles: Iterable<Role>, query: URLSearchParams): object {
  const view = viewOf(query.get('view') ?? undefined);
  const { items, nextPageToken } = listPage(roles, ({ name }) => name, query);
  return {
    ...(items.length > 0 && { roles: items.map((role) => roleJson(role, view)) }),
    ...(nextPageToken !== '' && { nextPageToken }),
  };
}

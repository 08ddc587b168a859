import type { RestMethod } from '../../../rest/rest-api.ts';
import { predefinedRoles } from '../../roles.ts';
import { customRolePath, noSuchRole, type RoleServices, requireRole } from './find-role.ts';
import { roleJson } from './role-json.ts';

/** A predefined role, which anybody may read, or a custom one. */
export function getRole(services: RoleServices): RestMethod[] {
  const name = 'google.iam.admin.v1.GetRole';
  return [
    {
      name,
      verb: 'GET',
      path: '/v1/roles/{role}',
      handle({ params }) {
        const role = predefinedRoles.get(`roles/${params.role}`);
        if (!role) throw noSuchRole(`roles/${params.role}`);
        return roleJson(role, 'FULL');
      },
    },
    {
      name,
      verb: 'GET',
      path: customRolePath,
      handle: (call) => roleJson(requireRole(services, call, 'iam.roles.get', 'GetRole'), 'FULL'),
    },
  ];
}

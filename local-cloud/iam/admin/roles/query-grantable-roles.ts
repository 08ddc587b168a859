import { z } from 'zod';
import { projectIdOf } from '../../../resource-manager/project-id.ts';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import type { Principal } from '../../access.ts';
import { projectOf, projectResource } from '../../resource-names.ts';
import { predefinedRoles } from '../../roles.ts';
import type { RoleServices } from './find-role.ts';
import { grantableOn } from './grantable.ts';
import { rolesJson } from './list-roles.ts';

const schema = z.strictObject({
  fullResourceName: z.string().default(''),
  view: z.string().optional(),
  pageSize: z.int().optional(),
  pageToken: z.string().optional(),
});

/**
 * The roles that can be granted on a resource, for `gcloud iam list-grantable-roles`: the predefined ones,
 * and the custom ones of its project for those who may list them.
 */
export function queryGrantableRoles({ roles, iam, topology }: RoleServices): RestMethod {
  const customRoles = (principal: Principal, fullResourceName: string) => {
    const project = projectIdOf(topology, projectOf(fullResourceName));
    const request = { principal, permission: 'iam.roles.list', resource: projectResource(project) };
    return iam.check(request).allowed ? roles.list(project, { deleted: false }) : [];
  };
  return {
    name: 'google.iam.admin.v1.QueryGrantableRoles',
    verb: 'POST',
    path: '/v1/roles:queryGrantableRoles',
    handle({ body, principal }) {
      const { fullResourceName, ...page } = parseBody(schema, body);
      const counts = grantableOn(fullResourceName);
      const all = [...predefinedRoles.values(), ...customRoles(principal, fullResourceName)];
      const grantable = all.filter(({ permissions }) => [...permissions].some(counts));
      return rolesJson(grantable, queryOf(page));
    },
  };
}

/** What a list method has in its query, this one has in its body. */
export function queryOf(page: Readonly<Record<string, string | number | undefined>>) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(page)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query;
}

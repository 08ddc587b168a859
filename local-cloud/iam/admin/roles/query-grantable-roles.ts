import { z } from 'zod';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import type { RoleServices } from './find-role.ts';
import { grantableOn } from './grantable.ts';
import { rolesJson } from './list-roles.ts';

const schema = z.strictObject({
  fullResourceName: z.string().default(''),
  view: z.string().optional(),
  pageSize: z.int().optional(),
  pageToken: z.string().optional(),
});

/** The roles that can be granted on a resource, for `gcloud iam list-grantable-roles`. */
export function queryGrantableRoles({ roles }: Pick<RoleServices, 'roles'>): RestMethod {
  return {
    name: 'google.iam.admin.v1.QueryGrantableRoles',
    verb: 'POST',
    path: '/v1/roles:queryGrantableRoles',
    handle({ body }) {
      const { fullResourceName, ...page } = parseBody(schema, body);
      const counts = grantableOn(fullResourceName);
      const grantable = [...roles.values()].filter(({ permissions }) =>
        [...permissions].some(counts),
      );
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

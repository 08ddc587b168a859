import { z } from 'zod';
import { listPage } from '../../../rest/list-page.ts';
import { parseBody } from '../../../rest/parse-body.ts';
import type { RestMethod } from '../../../rest/rest-api.ts';
import { knownPermissions } from '../../roles.ts';
import { grantableOn } from './grantable.ts';
import { queryOf } from './query-grantable-roles.ts';

const schema = z.strictObject({
  fullResourceName: z.string().default(''),
  pageSize: z.int().optional(),
  pageToken: z.string().optional(),
});

/** The permissions that exist for a resource. gcloud asks before it creates a custom role. */
export function queryTestablePermissions(): RestMethod {
  return {
    name: 'google.iam.admin.v1.QueryTestablePermissions',
    verb: 'POST',
    path: '/v1/permissions:queryTestablePermissions',
    handle({ body }) {
      const { fullResourceName, ...page } = parseBody(schema, body);
      const testable = [...knownPermissions].filter(grantableOn(fullResourceName));
      const { items, nextPageToken } = listPage(testable, (name) => name, queryOf(page));
      return {
        permissions: items.map((name) => ({ name, stage: 'GA' })),
        ...(nextPageToken !== '' && { nextPageToken }),
      };
    },
  };
}

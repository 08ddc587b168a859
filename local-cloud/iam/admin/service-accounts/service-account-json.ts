import { z } from 'zod';
import { textOf } from '../../../rest/text-field.ts';
import type { ServiceAccount } from '../../service-accounts.ts';

/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts#ServiceAccount */
export const serviceAccountSchema = z.strictObject({
  displayName: textOf(100).optional(),
  description: textOf(256).optional(),
  // What only Google sets is passed over, as in every method of this API.
  name: z.string().optional(),
  projectId: z.string().optional(),
  uniqueId: z.string().optional(),
  email: z.string().optional(),
  etag: z.string().optional(),
  oauth2ClientId: z.string().optional(),
  disabled: z.boolean().optional(),
});

/** As Google shows it: what is empty or false is left out. */
export function serviceAccountJson(account: ServiceAccount): object {
  const { project, uniqueId, email, displayName, description, disabled, etag } = account;
  return {
    name: `projects/${project}/serviceAccounts/${email}`,
    projectId: project,
    uniqueId,
    email,
    ...(displayName !== '' && { displayName }),
    etag,
    ...(description !== '' && { description }),
    // [O] The same number.
    oauth2ClientId: uniqueId,
    ...(disabled && { disabled }),
  };
}

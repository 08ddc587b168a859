import { z } from 'zod';
import { invalidArgument } from '../../../network/api-error.ts';
import { textOf } from '../../../rest/text-field.ts';
import { type CustomRole, launchStages, type RoleContent } from '../../custom-roles.ts';
import { knownPermissions, type Role } from '../../roles.ts';

/** https://cloud.google.com/iam/docs/reference/rest/v1/organizations.roles#Role */
export const roleSchema = z.strictObject({
  title: textOf(100).optional(),
  description: textOf(300).optional(),
  stage: z.enum(launchStages).optional(),
  includedPermissions: z.array(z.string()).optional(),
  etag: z.string().optional(),
  // What only Google sets is passed over.
  name: z.string().optional(),
  deleted: z.boolean().optional(),
});

type RoleBody = z.output<typeof roleSchema>;

/** What a body says about a role; what it leaves out is empty, as everywhere in proto3. */
export function contentOf(body: RoleBody): RoleContent {
  const { title = '', description = '', stage = 'ALPHA', includedPermissions = [] } = body;
  const unknown = includedPermissions.find((permission) => !knownPermissions.has(permission));
  if (unknown !== undefined) {
    throw invalidArgument(
      `Permission ${unknown} is not valid: the local cloud has only the permissions of the services that are in it, https://iam.googleapis.com/v1/permissions:queryTestablePermissions lists them.`,
    );
  }
  return { title, description, stage, permissions: new Set(includedPermissions) };
}

/** @param view `BASIC` leaves the permissions out */
export function roleJson(role: Role | CustomRole, view: 'BASIC' | 'FULL'): object {
  const { name, title, permissions } = role;
  const content =
    'etag' in role ? role : { stage: 'GA', etag: 'AA==', description: '', deletedAtMs: undefined };
  return {
    name,
    ...(title !== '' && { title }),
    ...(content.description !== '' && { description: content.description }),
    ...(view === 'FULL' &&
      permissions.size > 0 && { includedPermissions: [...permissions].sort() }),
    stage: content.stage,
    etag: content.etag,
    ...(content.deletedAtMs !== undefined && { deleted: true }),
  };
}

/** @throws {ApiError} INVALID_ARGUMENT */
export function viewOf(name: string | undefined): 'BASIC' | 'FULL' {
  if (name === undefined) return 'BASIC';
  if (name === 'BASIC' || name === 'FULL') return name;
  throw invalidArgument(`Invalid value at 'view': ${name}. Use BASIC or FULL.`);
}

import type { ApiServices } from '../../../api-services.ts';
import { ApiError } from '../../../network/api-error.ts';
import type { RestCall } from '../../../rest/rest-api.ts';
import type { CustomRole } from '../../custom-roles.ts';
import { requireProject } from '../require-project.ts';

export const customRolesPath = '/v1/projects/{project}/roles';
export const customRolePath = `${customRolesPath}/{role}`;

/** What the methods for custom roles are made of. */
export type RoleServices = Pick<ApiServices, 'roles' | 'iam' | 'topology'>;

/**
 * The custom role that the call's path names, deleted or not, for somebody who has the permission.
 *
 * @throws {ApiError} PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND
 */
export function requireRole(
  services: RoleServices,
  call: RestCall,
  permission: string,
  action: string,
): CustomRole {
  const project = requireProject(services, call, permission, action);
  const name = `projects/${project}/roles/${call.params.role}`;
  const role = services.roles.find(name);
  if (role) return role;
  throw noSuchRole(name);
}

/** Google's words [O]. */
export function noSuchRole(name: string): ApiError {
  return new ApiError('NOT_FOUND', `The role named ${name} was not found.`);
}

/** @throws {ApiError} ABORTED if the role has another etag by now */
export function requireUnchanged(role: CustomRole, etag: string | null | undefined): void {
  // Bytes, which gcloud writes in the URL-safe alphabet.
  if (etag && Buffer.from(etag, 'base64').toString('base64') !== role.etag) {
    throw new ApiError(
      'ABORTED',
      'There were concurrent role changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  }
}

import type { ApiServices } from '../../api-services.ts';
import { projectIdOf } from '../../resource-manager/project-id.ts';
import type { RestCall } from '../../rest/rest-api.ts';
import { requireIamPermission } from '../require-iam-permission.ts';
import { projectResource } from '../resource-names.ts';

/**
 * The project that the call's path names, for somebody who has the permission on it.
 *
 * @throws {ApiError} PERMISSION_DENIED, UNAUTHENTICATED
 */
export function requireProject(
  { iam, topology }: Pick<ApiServices, 'iam' | 'topology'>,
  { params, principal }: RestCall,
  permission: string,
  action: string,
): string {
  const project = projectIdOf(topology, params.project);
  requireIamPermission(iam, { principal, permission, resource: projectResource(project) }, action);
  return project;
}

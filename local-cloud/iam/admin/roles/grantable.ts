import { invalidArgument } from '../../../network/api-error.ts';
import { parseResourceName } from '../../resource-names.ts';

/**
 * Whether a permission can matter on a resource: on a project each does, elsewhere those of the
 * resource's own service [I].
 *
 * @throws {ApiError} INVALID_ARGUMENT for names of resources that are not in the local cloud
 */
export function grantableOn(fullResourceName: string): (permission: string) => boolean {
  const resource = parseResourceName(fullResourceName);
  if (!resource) {
    throw invalidArgument(
      `Invalid value at 'full_resource_name': ${fullResourceName}. Use a full resource name, such as //cloudresourcemanager.googleapis.com/projects/PROJECT.`,
    );
  }
  if (resource.kind === 'project') return () => true;
  const service = fullResourceName.slice(2, fullResourceName.indexOf('.'));
  return (permission) => permission.startsWith(`${service}.`);
}

import type { ResolvedTopology } from '../../deploy/topology.ts';

/**
 * The id of a project that a path names by its id or by its number, as every API allows: policies are
 * kept under the id. Another project's name is returned as it is; nobody holds anything on it.
 * https://cloud.google.com/resource-manager/docs/creating-managing-projects#identifying_projects
 */
export function projectIdOf(
  { project, projectNumber }: Pick<ResolvedTopology, 'project' | 'projectNumber'>,
  idOrNumber = '',
): string {
  return idOrNumber === projectNumber ? project : idOrNumber;
}

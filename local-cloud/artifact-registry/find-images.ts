import type { ApiServices } from '../api-services.ts';
import { requirePermission } from '../iam/require-permission.ts';
import { projectResource } from '../iam/resource-names.ts';
import { ApiError } from '../network/api-error.ts';
import { projectIdOf } from '../resource-manager/project-id.ts';
import type { RestCall } from '../rest/rest-api.ts';
import { type ImageVersion, type Repository, repositoryName } from './artifact-registry.ts';

export type RegistryServices = Pick<
  ApiServices,
  'topology' | 'clock' | 'iam' | 'images' | 'operations'
>;

/** The project, by its id, and the location in a path. */
export function locationOf(
  { topology }: Pick<RegistryServices, 'topology'>,
  { params }: RestCall,
): { project: string; location: string } {
  return { project: projectIdOf(topology, params.project), location: params.location ?? '' };
}

/**
 * Repositories have no policies of their own here: asked is the project.
 *
 * @param permission without `artifactregistry.`
 * @throws {ApiError} PERMISSION_DENIED
 */
export function requireRegistryPermission(
  services: RegistryServices,
  call: RestCall,
  permission: string,
  action: string,
): void {
  const { project } = locationOf(services, call);
  const full = `artifactregistry.${permission}`;
  const { location, repository } = call.params;
  const path = [
    `projects/${project}`,
    ...(location ? [`locations/${location}`] : []),
    ...(repository ? [`repositories/${repository}`] : []),
  ].join('/');
  const words = `Permission '${full}' denied on resource '//artifactregistry.googleapis.com/${path}' (or it may not exist).`;
  const resource = projectResource(project);
  requirePermission(
    services.iam,
    { principal: call.principal, permission: full, resource },
    action,
    words,
  );
}

/** @throws {ApiError} NOT_FOUND */
export function existingRepository(services: RegistryServices, call: RestCall): Repository {
  const { project, location } = locationOf(services, call);
  const name = repositoryName(project, location, call.params.repository ?? '');
  const repository = services.images.get(name);
  if (repository) return repository;
  throw new ApiError('NOT_FOUND', `Repository "${name}" not found.`);
}

/** The image that a path names. @throws {ApiError} NOT_FOUND */
export function existingImage(
  services: RegistryServices,
  call: RestCall,
): { repository: Repository; image: string; versions: readonly ImageVersion[] } {
  const repository = existingRepository(services, call);
  const { image = '' } = call.params;
  const versions = repository.images.get(image);
  if (versions) return { repository, image, versions };
  throw new ApiError('NOT_FOUND', `Package "${image}" not found.`);
}

import type { ApiServices } from '../../api-services.ts';
import type { Principal } from '../../iam/access.ts';
import { requirePermission } from '../../iam/require-permission.ts';
import { projectResource, serviceResource } from '../../iam/resource-names.ts';
import { ApiError } from '../../network/api-error.ts';
import { projectIdOf } from '../../resource-manager/project-id.ts';
import type { RestCall } from '../../rest/rest-api.ts';
import type { CloudRunService, Revision } from '../service-registry.ts';

/** What the Admin API works on. */
export type CloudRunAdmin = Pick<
  ApiServices,
  'topology' | 'clock' | 'iam' | 'accounts' | 'registry' | 'deployments' | 'operations'
>;

/** A project and a region, which a path of v1 has or the host's name. */
export interface Place {
  /** Its id. */
  project: string;
  /** `-` for all. */
  region: string;
}

/** The project and region in a path. */
export function placeOf(
  { topology }: Pick<CloudRunAdmin, 'topology'>,
  { params }: RestCall,
): Place {
  return { project: projectIdOf(topology, params.project), region: params.region ?? '' };
}

/**
 * Asks for a permission on one service or, without a name, on the project.
 *
 * @throws {ApiError} PERMISSION_DENIED in Cloud Run's words [O]
 */
export function requireRunPermission(
  { iam }: Pick<CloudRunAdmin, 'iam'>,
  request: { principal: Principal; permission: string; place: Place; service?: string },
  action: string,
): void {
  const { principal, permission, place, service } = request;
  const { project, region } = place;
  const resource =
    service === undefined ? projectResource(project) : serviceResource(project, region, service);
  const path = resource.replace(/^\/\/[^/]+\//, '');
  const words = `Permission '${permission}' denied on resource '${path}' (or resource may not exist).`;
  requirePermission(iam, { principal, permission, resource }, action, words);
}

/** @throws {ApiError} NOT_FOUND in Cloud Run's words */
export function existingService(
  { registry }: Pick<CloudRunAdmin, 'registry'>,
  { project, region }: Place,
  name: string,
): CloudRunService {
  const service = registry.get(serviceResource(project, region, name));
  if (service) return service;
  throw notFound('SERVICE', name, { project, region });
}

/**
 * A revision that one may do something with. The permission is that on its service; who has it nowhere
 * does not learn whether there is such a revision.
 *
 * @throws {ApiError} PERMISSION_DENIED, NOT_FOUND
 */
export function existingRevision(
  services: Pick<CloudRunAdmin, 'iam' | 'registry'>,
  request: {
    principal: Principal;
    permission: string;
    place: Place;
    name: string;
    action: string;
  },
): { service: CloudRunService; revision: Revision } {
  const { place, name, action, ...asked } = request;
  const found = servicesIn(services, place)
    .flatMap((service) => service.revisions.map((revision) => ({ service, revision })))
    .find(({ revision }) => revision.name === name);
  const service = found?.service.name;
  requireRunPermission(
    services,
    { ...asked, place, ...(service !== undefined && { service }) },
    action,
  );
  if (!found) throw notFound('REVISION', name, place);
  return found;
}

export function notFound(kind: string, name: string, { project, region }: Place): ApiError {
  return new ApiError(
    'NOT_FOUND',
    `Resource '${name}' of kind '${kind}' in region '${region}' in project '${project}' does not exist`,
  );
}

/** Those in a project and a region. */
export function servicesIn(
  { registry }: Pick<CloudRunAdmin, 'registry'>,
  { project, region }: Place,
): CloudRunService[] {
  return registry
    .list()
    .filter(
      (service) => service.project === project && (region === '-' || service.region === region),
    );
}

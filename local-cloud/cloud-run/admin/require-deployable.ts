import { requirePermission } from '../../iam/require-permission.ts';
import { serviceAccountResource } from '../../iam/resource-names.ts';
import { ApiError } from '../../network/api-error.ts';
import type { TokenHolder } from '../../tokens/access-tokens.ts';
import { checkServiceSpec, onlyAtGoogle } from '../check-service-spec.ts';
import { defaultAccountOf } from '../deployments.ts';
import type { ServiceSpec } from '../service-spec.ts';
import type { CloudRunAdmin, Place } from './find-services.ts';

/**
 * Refuses what cannot be deployed, and deploying as an account that the caller may not act as: whoever
 * deploys a service has everything that its account has.
 * https://cloud.google.com/run/docs/configuring/services/service-identity#required_roles
 *
 * @throws {ApiError} INVALID_ARGUMENT, FAILED_PRECONDITION, PERMISSION_DENIED
 */
export function requireDeployable(
  { topology, iam, accounts }: CloudRunAdmin,
  {
    principal,
    place,
    name,
    spec,
  }: {
    principal: TokenHolder;
    place: Place;
    name: string;
    spec: ServiceSpec;
  },
): void {
  if (place.region !== topology.region) {
    throw onlyAtGoogle(`services in ${place.region}: its only region is ${topology.region}`);
  }
  checkServiceSpec(name, spec);
  const account = spec.template.spec.serviceAccountName || defaultAccountOf(topology.projectNumber);
  const denied = `Permission 'iam.serviceaccounts.actAs' denied on service account ${account} (or it may not exist).`;
  const project = /@([^@]+)\.iam\.gserviceaccount\.com$/.exec(account)?.[1] ?? topology.project;
  const permission = 'iam.serviceAccounts.actAs';
  const resource = serviceAccountResource(project, account);
  requirePermission(iam, { principal, permission, resource }, 'ActAs', denied);
  const state = accounts.stateOf(`serviceAccount:${account}`);
  if (state !== 'active' && state !== 'disabled') throw new ApiError('PERMISSION_DENIED', denied);
}

/** Who it was, as services show it. */
export function emailOf(principal: TokenHolder): string {
  return principal.slice(principal.indexOf(':') + 1);
}

import { requirePermission } from '../../iam/require-permission.ts';
import { serviceAccountResource, serviceResource } from '../../iam/resource-names.ts';
import { ApiError } from '../../network/api-error.ts';
import type { TokenHolder } from '../../tokens/access-tokens.ts';
import { checkServiceSpec, onlyAtGoogle } from '../check-service-spec.ts';
import { defaultAccountOf } from '../deployments.ts';
import { isInvokerCheckOff, type ServiceSpec } from '../service-spec.ts';
import { type CloudRunAdmin, type Place, requireRunPermission } from './find-services.ts';

interface Deployment {
  principal: TokenHolder;
  place: Place;
  name: string;
  spec: ServiceSpec;
}

/**
 * Refuses what cannot be deployed, and deploying as an account that the caller may not act as: whoever
 * deploys a service has everything that its account has.
 * https://cloud.google.com/run/docs/configuring/services/service-identity#required_roles
 *
 * @throws {ApiError} INVALID_ARGUMENT, FAILED_PRECONDITION, PERMISSION_DENIED
 */
export function requireDeployable(services: CloudRunAdmin, deployment: Deployment): void {
  const { topology, iam, accounts } = services;
  const { principal, place, name, spec } = deployment;
  if (place.region !== topology.region) {
    throw onlyAtGoogle(`services in ${place.region}: its only region is ${topology.region}`);
  }
  checkServiceSpec(name, spec);
  requireInvokerCheckKept(services, deployment);
  const account = spec.template.spec.serviceAccountName || defaultAccountOf(topology.projectNumber);
  const denied = `Permission 'iam.serviceaccounts.actAs' denied on service account ${account} (or it may not exist).`;
  const project = /@([^@]+)\.iam\.gserviceaccount\.com$/.exec(account)?.[1] ?? topology.project;
  const permission = 'iam.serviceAccounts.actAs';
  const resource = serviceAccountResource(project, account);
  requirePermission(iam, { principal, permission, resource }, 'ActAs', denied);
  const state = accounts.stateOf(`serviceAccount:${account}`);
  if (state !== 'active' && state !== 'disabled') throw new ApiError('PERMISSION_DENIED', denied);
}

/**
 * Whoever may not write a service's policy does not get around it either.
 * https://cloud.google.com/run/docs/authenticating/public#required_roles
 */
function requireInvokerCheckKept(
  services: CloudRunAdmin,
  { principal, place, name, spec }: Deployment,
): void {
  const before = services.registry.get(serviceResource(place.project, place.region, name));
  const wasOff = before !== undefined && isInvokerCheckOff(before);
  if (isInvokerCheckOff(spec) === wasOff) return;
  const permission = 'run.services.setIamPolicy';
  requireRunPermission(services, { principal, permission, place, service: name }, 'InvokerCheck');
}

/** Who it was, as services show it. */
export function emailOf(principal: TokenHolder): string {
  return principal.slice(principal.indexOf(':') + 1);
}

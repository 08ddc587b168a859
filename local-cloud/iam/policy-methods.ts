import { ApiError, invalidArgument } from '../network/api-error.ts';
import type { AccessRequest, Authorizer, Decision, Principal } from './access.ts';
import { InvalidPolicyError, type Policy, type PolicyUpdate, StaleEtagError } from './policy.ts';
import { requirePermission } from './require-permission.ts';

/** IAM as the policy methods of all APIs ask it. */
export interface PolicyServices {
  access: Authorizer & { check(request: AccessRequest): Decision };
  policies: {
    get(resource: string, requestedVersion?: number): Policy;
    /** Throws StaleEtagError and InvalidPolicyError. */
    set(resource: string, policy: PolicyUpdate): Policy;
  };
}

/** A resource whose policy is asked for. */
export interface PolicyTarget {
  /** Full resource name. */
  resource: string;
  /** What `.getIamPolicy` and `.setIamPolicy` are appended to, for example `run.services`. */
  permissions: string;
  /** @throws {ApiError} NOT_FOUND */
  requireExistence(): void;
  /** How the API says no; by default as most of Google's APIs do. */
  denied?: string;
}

/**
 * `getIamPolicy` of any API; without conditions for clients that do not ask for version 3.
 *
 * @throws {ApiError} PERMISSION_DENIED, NOT_FOUND, INVALID_ARGUMENT
 */
export function getIamPolicy(
  { access, policies }: PolicyServices,
  target: PolicyTarget,
  principal: Principal,
  requestedVersion = 1,
): Policy {
  const { resource, permissions, denied } = target;
  const request = { principal, permission: `${permissions}.getIamPolicy`, resource };
  requirePermission(access, request, 'GetIamPolicy', denied);
  target.requireExistence();
  return inWordsOfTheApi(() => policies.get(resource, requestedVersion));
}

/**
 * `setIamPolicy` of any API. A stale etag is ABORTED: https://cloud.google.com/iam/docs/allow-policies#etag
 *
 * @throws {ApiError} PERMISSION_DENIED, NOT_FOUND, INVALID_ARGUMENT, ABORTED; then nothing has changed
 */
export function setIamPolicy(
  { access, policies }: PolicyServices,
  target: PolicyTarget,
  principal: Principal,
  policy: PolicyUpdate | null | undefined,
): Policy {
  const { resource, permissions, denied } = target;
  const request = { principal, permission: `${permissions}.setIamPolicy`, resource };
  requirePermission(access, request, 'SetIamPolicy', denied);
  target.requireExistence();
  if (!policy) throw invalidArgument('The policy in the SetIamPolicyRequest must be set.');
  return inWordsOfTheApi(() => policies.set(resource, policy));
}

function inWordsOfTheApi(access: () => Policy): Policy {
  try {
    return access();
  } catch (error) {
    if (error instanceof InvalidPolicyError) throw invalidArgument(error.message);
    if (error instanceof StaleEtagError) {
      throw new ApiError(
        'ABORTED',
        'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
      );
    }
    throw error;
  }
}

/** [I] */
const mostPermissions = 100;

/**
 * `testIamPermissions` of any API: needs no permission, is not recorded, and a resource that does not
 * exist grants none.
 *
 * @throws {ApiError} INVALID_ARGUMENT
 */
export function testIamPermissions(
  { access }: Pick<PolicyServices, 'access'>,
  resource: string,
  principal: Principal,
  permissions: readonly string[],
): { permissions: string[] } {
  if (permissions.length > mostPermissions) {
    throw invalidArgument(
      `A request tests at most ${mostPermissions} permissions, not ${permissions.length}.`,
    );
  }
  const wildcard = permissions.find((permission) => permission.includes('*'));
  if (wildcard !== undefined) throw invalidArgument(`Permission ${wildcard} is not valid.`);
  return {
    permissions: permissions.filter(
      (permission) => access.check({ principal, permission, resource }).allowed,
    ),
  };
}

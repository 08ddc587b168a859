import type { AccessRequest, Authorizer } from './access.ts';
import { requirePermission } from './require-permission.ts';

/**
 * {@link requirePermission} in the words of IAM's own APIs [O].
 *
 * @throws {ApiError} PERMISSION_DENIED, UNAUTHENTICATED
 */
export function requireIamPermission(
  access: Authorizer,
  request: AccessRequest,
  action: string,
): void {
  const words = `Permission '${request.permission}' denied on resource (or it may not exist).`;
  requirePermission(access, request, action, words);
}

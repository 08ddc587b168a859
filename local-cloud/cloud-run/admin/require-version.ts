import { ApiError } from '../../network/api-error.ts';
import type { CloudRunService } from '../service-registry.ts';

/**
 * That a service is still what the client has read, if it says what that was.
 *
 * @throws {ApiError} ABORTED in Cloud Run's words [O]
 */
export function requireVersion(
  { name, version }: CloudRunService,
  wanted: string | undefined,
): void {
  if (!wanted || wanted === version) return;
  throw new ApiError(
    'ABORTED',
    `Conflict for resource '${name}': version '${wanted}' was specified but current version is '${version}'.`,
  );
}

import { ApiError, errorInfo } from '../network/api-error.ts';
import type { EnabledApis } from './enabled-apis.ts';
import { playedApis } from './played-apis.ts';

/**
 * https://cloud.google.com/service-usage/docs/reference/rest/v1/services. Which other APIs Google has is
 * not known here: whatever is named like one is disabled, as far as anybody can tell.
 *
 * @param api for example `run.googleapis.com`
 * @throws {ApiError} PERMISSION_DENIED for what cannot be the name of an API, in Google's words [O]
 */
export function serviceJson(api: string, projectNumber: string, apis: EnabledApis): object {
  if (!/^[a-z][a-z0-9-]*\.googleapis\.com$/.test(api)) {
    const message = `Not found or permission denied for service(s): ${api}.`;
    const reason = 'SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED';
    const info = errorInfo(reason, 'serviceusage.googleapis.com', { services: api });
    throw new ApiError('PERMISSION_DENIED', message, [info]);
  }
  const title = playedApis.get(api);
  return {
    name: `projects/${projectNumber}/services/${api}`,
    config: { name: api, ...(title && { title }) },
    state: apis.has(api) ? 'ENABLED' : 'DISABLED',
    parent: `projects/${projectNumber}`,
  };
}

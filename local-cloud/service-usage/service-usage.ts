import type { ApiServices } from '../api-services.ts';
import type { RestMethod } from '../rest/rest-api.ts';

export function serviceUsageMethods(_services: ApiServices): RestMethod[] {
  return [];
}

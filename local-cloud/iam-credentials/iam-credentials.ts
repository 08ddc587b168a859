import type { ApiServices } from '../api-services.ts';
import type { RestMethod } from '../rest/rest-api.ts';

export function iamCredentialsMethods(_services: ApiServices): RestMethod[] {
  return [];
}

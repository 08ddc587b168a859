import type { RestMethod } from '../rest/rest-api.ts';

/**
 * From which regions an account's tokens may be used; newer versions of Python's google-auth ask before their
 * first call. `0x0` is how they write that there is no restriction, and there is none here [O].
 */
export function getAllowedLocations(): RestMethod {
  return {
    name: 'google.iam.credentials.v1.IAMCredentials.GetAllowedLocations',
    verb: 'GET',
    path: '/v1/projects/{project}/serviceAccounts/{account}/allowedLocations',
    handle: () => ({ locations: [], encodedLocations: '0x0' }),
  };
}

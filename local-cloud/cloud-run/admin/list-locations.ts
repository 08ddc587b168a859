import type { RestMethod } from '../../rest/rest-api.ts';
import { type CloudRunAdmin, placeOf, requireRunPermission } from './find-services.ts';

/** The regions that there are: the one that the local cloud plays. */
export function listLocations(services: CloudRunAdmin): RestMethod {
  return {
    name: 'google.cloud.run.v1.Locations.ListLocations',
    verb: 'GET',
    path: '/v1/projects/{project}/locations',
    handle: (call) => {
      const { principal } = call;
      const { project } = placeOf(services, call);
      const { region } = services.topology;
      const request = { principal, permission: 'run.locations.list', place: { project, region } };
      requireRunPermission(services, request, 'ListLocations');
      return {
        locations: [
          {
            name: `projects/${project}/locations/${region}`,
            locationId: region,
            displayName: region,
          },
        ],
      };
    },
  };
}

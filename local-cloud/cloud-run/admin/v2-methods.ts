import { invalidArgument } from '../../network/api-error.ts';
import { operationMethods } from '../../operations/operation-methods.ts';
import { listPage } from '../../rest/list-page.ts';
import type { RestMethod } from '../../rest/rest-api.ts';
import {
  type CloudRunAdmin,
  existingService,
  placeOf,
  requireRunPermission,
  servicesIn,
} from './find-services.ts';
import { serviceV2 } from './service-v2.ts';
import { v2Revisions } from './v2-revisions.ts';
import { parentOf, v2Writes } from './v2-writes.ts';

const parent = '/v2/projects/{project}/locations/{region}';

/** Version 2, https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services */
export function v2Methods(services: CloudRunAdmin): RestMethod[] {
  return [
    {
      name: 'google.cloud.run.v2.Services.ListServices',
      verb: 'GET',
      path: `${parent}/services`,
      handle: (call) => {
        const { principal, query } = call;
        const place = placeOf(services, call);
        const request = { principal, permission: 'run.services.list', place };
        requireRunPermission(services, request, 'ListServices');
        if (place.region === '-') throw invalidArgument('Version 2 lists one location at a time.');
        const { items, nextPageToken } = listPage(
          servicesIn(services, place),
          ({ name }) => name,
          query,
        );
        return {
          ...(items.length > 0 && { services: items.map(serviceV2) }),
          ...(nextPageToken !== '' && { nextPageToken }),
        };
      },
    },
    {
      name: 'google.cloud.run.v2.Services.GetService',
      verb: 'GET',
      path: `${parent}/services/{service}`,
      handle: (call) => {
        const { principal, params } = call;
        const place = placeOf(services, call);
        const { service = '' } = params;
        const request = { principal, permission: 'run.services.get', place, service };
        requireRunPermission(services, request, 'GetService');
        return serviceV2(existingService(services, place, service));
      },
    },
    ...v2Writes(services, parent),
    ...v2Revisions(services, `${parent}/services/{service}/revisions`),
    ...operationMethods(services, {
      parent,
      authorize: (call, verb) => {
        const place = placeOf(services, call);
        const request = { principal: call.principal, permission: `run.operations.${verb}`, place };
        requireRunPermission(services, request, `${verb} operations`);
        return parentOf(place);
      },
    }),
  ];
}

import { listPage } from '../../rest/list-page.ts';
import type { RestCall, RestMethod } from '../../rest/rest-api.ts';
import {
  type CloudRunAdmin,
  existingRevision,
  existingService,
  notFound,
  placeOf,
  requireRunPermission,
} from './find-services.ts';
import { revisionV2 } from './service-v2.ts';
import { parentOf } from './v2-writes.ts';

const type = 'type.googleapis.com/google.cloud.run.v2.Revision';

/** https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.revisions */
export function v2Revisions(services: CloudRunAdmin, path: string): RestMethod[] {
  const find = (call: RestCall, permission: string, action: string) => {
    const { principal, params } = call;
    const { service: owner = '', revision: name = '' } = params;
    const place = placeOf(services, call);
    const found = existingRevision(services, { principal, permission, place, name, action });
    // The path says whose it is.
    if (found.service.name !== owner) throw notFound('REVISION', name, place);
    return { ...found, place };
  };
  return [
    {
      name: 'google.cloud.run.v2.Revisions.ListRevisions',
      verb: 'GET',
      path,
      handle: (call) => {
        const { principal, params, query } = call;
        const place = placeOf(services, call);
        const { service: name = '' } = params;
        const permission = 'run.revisions.list';
        requireRunPermission(
          services,
          { principal, permission, place, service: name },
          'ListRevisions',
        );
        const service = existingService(services, place, name);
        const { items, nextPageToken } = listPage(service.revisions, (one) => one.name, query);
        return {
          ...(items.length > 0 && { revisions: items.map((one) => revisionV2(service, one)) }),
          ...(nextPageToken !== '' && { nextPageToken }),
        };
      },
    },
    {
      name: 'google.cloud.run.v2.Revisions.GetRevision',
      verb: 'GET',
      path: `${path}/{revision}`,
      handle: (call) => {
        const { service, revision } = find(call, 'run.revisions.get', 'GetRevision');
        return revisionV2(service, revision);
      },
    },
    {
      name: 'google.cloud.run.v2.Revisions.DeleteRevision',
      verb: 'DELETE',
      path: `${path}/{revision}`,
      handle: async (call) => {
        const { service, revision, place } = find(call, 'run.revisions.delete', 'DeleteRevision');
        const json = { '@type': type, ...revisionV2(service, revision) };
        const result = services.deployments.deleteRevision(service, revision).then(() => json);
        return await services.operations.finished({
          parent: parentOf(place),
          metadata: () => json,
          result,
        });
      },
    },
  ];
}

import { invalidArgument, unimplemented } from '../../network/api-error.ts';
import { projectIdOf } from '../../resource-manager/project-id.ts';
import { listPage } from '../../rest/list-page.ts';
import type { RestCall, RestMethod } from '../../rest/rest-api.ts';
import {
  type CloudRunAdmin,
  existingRevision,
  existingService,
  type Place,
  placeOf,
  requireRunPermission,
  servicesIn,
} from './find-services.ts';
import { knativeRevision } from './knative-revision.ts';
import { knativeService } from './knative-service.ts';
import { knativeWrites } from './knative-writes.ts';
import { labelSelector } from './label-selector.ts';

/**
 * Version 1, in Knative's shapes, at both of its addresses: with the region in the path, and on the
 * region's own host, where gcloud describes and deploys.
 * https://cloud.google.com/run/docs/reference/rest#rest_endpoints
 */
export function knativeMethods(services: CloudRunAdmin): RestMethod[] {
  const regionalPlace = ({ host, params }: RestCall): Place => ({
    project: projectIdOf(services.topology, params.project),
    region: regionOfHost(host),
  });
  return [
    ...methodsAt(services, '/v1/projects/{project}/locations/{region}', (call) =>
      placeOf(services, call),
    ),
    ...methodsAt(services, '/apis/serving.knative.dev/v1/namespaces/{project}', regionalPlace),
  ];
}

function methodsAt(
  services: CloudRunAdmin,
  parent: string,
  placeIn: (call: RestCall) => Place,
): RestMethod[] {
  return [
    {
      name: 'google.cloud.run.v1.Services.ListServices',
      verb: 'GET',
      path: `${parent}/services`,
      handle: (call) => {
        const { principal } = call;
        const place = placeIn(call);
        const request = { principal, permission: 'run.services.list', place };
        requireRunPermission(services, request, 'ListServices');
        return knativeList('ServiceList', servicesIn(services, place).map(knativeService), call);
      },
    },
    {
      name: 'google.cloud.run.v1.Services.GetService',
      verb: 'GET',
      path: `${parent}/services/{service}`,
      handle: (call) => {
        const { principal, params } = call;
        const place = placeIn(call);
        const { service = '' } = params;
        const request = { principal, permission: 'run.services.get', place, service };
        requireRunPermission(services, request, 'GetService');
        return knativeService(existingService(services, place, service));
      },
    },
    {
      name: 'google.cloud.run.v1.Revisions.ListRevisions',
      verb: 'GET',
      path: `${parent}/revisions`,
      handle: (call) => {
        const { principal } = call;
        const place = placeIn(call);
        const request = { principal, permission: 'run.revisions.list', place };
        requireRunPermission(services, request, 'ListRevisions');
        const revisions = servicesIn(services, place).flatMap((service) =>
          service.revisions.map((revision) => knativeRevision(service, revision)),
        );
        return knativeList('RevisionList', revisions, call);
      },
    },
    {
      name: 'google.cloud.run.v1.Revisions.GetRevision',
      verb: 'GET',
      path: `${parent}/revisions/{revision}`,
      handle: (call) => {
        const { service, revision } = existingRevision(services, {
          principal: call.principal,
          permission: 'run.revisions.get',
          place: placeIn(call),
          name: call.params.revision ?? '',
          action: 'GetRevision',
        });
        return knativeRevision(service, revision);
      },
    },
    ...knativeWrites(services, parent, placeIn),
  ];
}

/** @throws {ApiError} INVALID_ARGUMENT on the host without a region [I] */
function regionOfHost(host: string): string {
  const [, region] = /^([a-z0-9-]+)-run\.googleapis\.com$/.exec(host) ?? [];
  if (region !== undefined) return region;
  throw invalidArgument(`${host} has no namespaces: call REGION-run.googleapis.com instead.`);
}

interface Labelled {
  metadata: { name: string; labels: Readonly<Record<string, string>> };
}

/** A list in Kubernetes' shape, with its own words for paging. */
function knativeList(kind: string, objects: readonly Labelled[], { query }: RestCall): object {
  if (query.get('fieldSelector')) throw unimplemented('fieldSelector');
  const isWanted = labelSelector(query.get('labelSelector') ?? '');
  const { items, nextPageToken } = listPage(
    objects.filter(({ metadata }) => isWanted(metadata.labels)),
    ({ metadata }) => metadata.name,
    query,
    { size: 'limit', token: 'continue' },
  );
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind,
    metadata: nextPageToken === '' ? {} : { continue: nextPageToken },
    ...(items.length > 0 && { items }),
  };
}

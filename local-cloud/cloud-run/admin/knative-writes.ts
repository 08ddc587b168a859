import { invalidArgument, unimplemented } from '../../network/api-error.ts';
import { projectIdOf } from '../../resource-manager/project-id.ts';
import { parseBody } from '../../rest/parse-body.ts';
import type { RestCall, RestMethod } from '../../rest/rest-api.ts';
import { checkServiceName } from '../check-service-spec.ts';
import {
  type CloudRunAdmin,
  existingRevision,
  existingService,
  type Place,
  requireRunPermission,
} from './find-services.ts';
import { knativeService, knativeServiceSchema, specOfKnative } from './knative-service.ts';
import { emailOf, requireDeployable } from './require-deployable.ts';
import { requireVersion } from './require-version.ts';

/** What creates, replaces and deletes over version 1, at one of its addresses. */
export function knativeWrites(
  services: CloudRunAdmin,
  parent: string,
  placeIn: (call: RestCall) => Place,
): RestMethod[] {
  const { deployments, topology } = services;
  const read = (call: RestCall) => {
    if (call.query.has('dryRun')) throw unimplemented('dryRun');
    const sent = parseBody(knativeServiceSchema, call.body);
    const { name, namespace = '' } = sent.metadata;
    const place = placeIn(call);
    if (namespace !== '' && projectIdOf(topology, namespace) !== place.project) {
      throw invalidArgument(
        `metadata.namespace: ${namespace} is not the project of the request, ${place.project}.`,
      );
    }
    return { sent, name, place, spec: specOfKnative(sent) };
  };
  return [
    {
      name: 'google.cloud.run.v1.Services.CreateService',
      verb: 'POST',
      path: `${parent}/services`,
      handle: (call) => {
        const { principal } = call;
        const { name, place, spec } = read(call);
        const permission = 'run.services.create';
        requireRunPermission(
          services,
          { principal, permission, place, service: name },
          'CreateService',
        );
        checkServiceName(name);
        requireDeployable(services, { principal, place, name, spec });
        return knativeService(deployments.create(name, spec, emailOf(principal)).service);
      },
    },
    {
      name: 'google.cloud.run.v1.Services.ReplaceService',
      verb: 'PUT',
      path: `${parent}/services/{service}`,
      handle: (call) => {
        const { principal, params } = call;
        const { service: name = '' } = params;
        const { place, spec, sent } = read(call);
        const permission = 'run.services.update';
        requireRunPermission(
          services,
          { principal, permission, place, service: name },
          'ReplaceService',
        );
        if (sent.metadata.name !== name) {
          throw invalidArgument(`metadata.name: must be ${name}, as in the path.`);
        }
        const service = existingService(services, place, name);
        requireVersion(service, sent.metadata.resourceVersion);
        requireDeployable(services, { principal, place, name, spec });
        return knativeService(deployments.replace(service, spec, emailOf(principal)).service);
      },
    },
    {
      name: 'google.cloud.run.v1.Services.DeleteService',
      verb: 'DELETE',
      path: `${parent}/services/{service}`,
      handle: (call) => {
        const { principal, params } = call;
        const place = placeIn(call);
        const { service: name = '' } = params;
        const permission = 'run.services.delete';
        requireRunPermission(
          services,
          { principal, permission, place, service: name },
          'DeleteService',
        );
        const service = existingService(services, place, name);
        services.iam.policies.remove(service.resource);
        void deployments.delete(service);
        return success('services', service);
      },
    },
    {
      name: 'google.cloud.run.v1.Revisions.DeleteRevision',
      verb: 'DELETE',
      path: `${parent}/revisions/{revision}`,
      handle: async (call) => {
        const { principal, params } = call;
        const { service, revision } = existingRevision(services, {
          principal,
          permission: 'run.revisions.delete',
          place: placeIn(call),
          name: params.revision ?? '',
          action: 'DeleteRevision',
        });
        await deployments.deleteRevision(service, revision);
        return success('revisions', revision);
      },
    },
  ];
}

/** https://cloud.google.com/run/docs/reference/rest/v1/Status */
function success(kind: string, { name, uid }: { name: string; uid: string }): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Success',
    details: { name, group: 'serving.knative.dev', kind, uid },
  };
}

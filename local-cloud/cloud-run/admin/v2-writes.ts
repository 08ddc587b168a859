import { serviceResource } from '../../iam/resource-names.ts';
import { ApiError, invalidArgument } from '../../network/api-error.ts';
import { parseBody } from '../../rest/parse-body.ts';
import type { RestCall, RestMethod } from '../../rest/rest-api.ts';
import { checkServiceName } from '../check-service-spec.ts';
import type { Change } from '../deployments.ts';
import type { CloudRunService } from '../service-registry.ts';
import {
  type CloudRunAdmin,
  existingService,
  type Place,
  placeOf,
  requireRunPermission,
} from './find-services.ts';
import { emailOf, requireDeployable } from './require-deployable.ts';
import { requireVersion } from './require-version.ts';
import { serviceV2 } from './service-v2.ts';
import { serviceV2Schema } from './service-v2-schema.ts';
import { specOfV2 } from './spec-of-v2.ts';
import { masked } from './update-mask-v2.ts';

const type = 'type.googleapis.com/google.cloud.run.v2.Service';

/** What creates, changes and deletes services over version 2: operations, done when the revision is. */
export function v2Writes(services: CloudRunAdmin, parent: string): RestMethod[] {
  const { deployments, operations, registry, iam } = services;
  const requireFor = (call: RestCall, verb: string, place: Place, service: string) => {
    const permission = `run.services.${verb}`;
    const action = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Service`;
    requireRunPermission(
      services,
      { principal: call.principal, permission, place, service },
      action,
    );
  };
  const operation = (place: Place, service: CloudRunService, settled: Promise<void>) => {
    const metadata = () => ({ '@type': type, ...serviceV2(service) });
    const result = settled.then(() => outcome(service));
    return operations.start({ parent: parentOf(place), metadata, result });
  };
  const create = (call: RestCall, place: Place, name: string) => {
    requireFor(call, 'create', place, name);
    checkServiceName(name);
    const spec = specOfV2(parseBody(serviceV2Schema, call.body));
    requireDeployable(services, { principal: call.principal, place, name, spec });
    if (isValidationOnly(call)) return validated(place);
    const { service, settled } = deployments.create(name, spec, emailOf(call.principal));
    return operation(place, service, settled);
  };
  /** [I] The operation of a check is done, and leads nowhere. */
  const validated = (place: Place) =>
    operations.finished({
      parent: parentOf(place),
      metadata: () => ({ '@type': type }),
      result: Promise.resolve({ '@type': type }),
    });

  return [
    {
      name: 'google.cloud.run.v2.Services.CreateService',
      verb: 'POST',
      path: `${parent}/services`,
      handle: (call) => {
        const name = call.query.get('serviceId') ?? '';
        if (name === '') throw invalidArgument('service_id is required.');
        return create(call, placeOf(services, call), name);
      },
    },
    {
      name: 'google.cloud.run.v2.Services.UpdateService',
      verb: 'PATCH',
      path: `${parent}/services/{service}`,
      handle: (call) => {
        const { principal, params, query } = call;
        const place = placeOf(services, call);
        const { service: name = '' } = params;
        const isThere = registry.get(serviceResource(place.project, place.region, name));
        if (!isThere && query.get('allowMissing') === 'true') return create(call, place, name);
        requireFor(call, 'update', place, name);
        const service = existingService(services, place, name);
        const body = masked(query.get('updateMask') ?? '', call.body, serviceV2(service));
        const sent = parseBody(serviceV2Schema, body);
        const { etag } = parseBody(serviceV2Schema.pick({ etag: true }).loose(), call.body);
        requireVersion(service, etag?.replaceAll('"', ''));
        const spec = specOfV2(sent);
        requireDeployable(services, { principal, place, name, spec });
        if (isValidationOnly(call)) return validated(place);
        const change: Change = deployments.replace(service, spec, emailOf(principal));
        return operation(place, service, change.settled);
      },
    },
    {
      name: 'google.cloud.run.v2.Services.DeleteService',
      verb: 'DELETE',
      path: `${parent}/services/{service}`,
      handle: (call) => {
        const { params, query } = call;
        const place = placeOf(services, call);
        const { service: name = '' } = params;
        requireFor(call, 'delete', place, name);
        const service = existingService(services, place, name);
        requireVersion(service, query.get('etag')?.replaceAll('"', ''));
        if (isValidationOnly(call)) return validated(place);
        iam.policies.remove(service.resource);
        const json = { '@type': type, ...serviceV2(service) };
        const result = deployments.delete(service).then(() => json);
        return operations.start({ parent: parentOf(place), metadata: () => json, result });
      },
    },
  ];
}

/** @throws {ApiError} with what keeps the service from being ready; the code is Google's [O] */
function outcome(service: CloudRunService): object {
  const { health } = service;
  if (health.status === 'False') throw new ApiError('FAILED_PRECONDITION', health.message);
  return { '@type': type, ...serviceV2(service) };
}

export function parentOf({ project, region }: Place): string {
  return `projects/${project}/locations/${region}`;
}

function isValidationOnly({ query }: RestCall): boolean {
  return query.get('validateOnly') === 'true';
}

import { z } from 'zod';
import type { ApiServices } from '../api-services.ts';
import { requirePermission } from '../iam/require-permission.ts';
import { projectResource } from '../iam/resource-names.ts';
import { ApiError, invalidArgument } from '../network/api-error.ts';
import { projectIdOf } from '../resource-manager/project-id.ts';
import { listPage } from '../rest/list-page.ts';
import { parseBody } from '../rest/parse-body.ts';
import type { RestCall, RestMethod } from '../rest/rest-api.ts';
import type { EnabledApis } from './enabled-apis.ts';
import { playedApis } from './played-apis.ts';
import { serviceJson } from './service-json.ts';

/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services/batchEnable */
const batchEnableSchema = z.strictObject({ serviceIds: z.array(z.string()).min(1).max(20) });
/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services/batchGet */
const mostNames = 30;

const parent = '/v1/projects/{project}/services';

/** Service Usage: of the APIs that the local cloud plays; no others can be enabled. */
export function serviceUsageMethods({
  topology,
  iam,
  apis,
}: Pick<ApiServices, 'topology' | 'iam' | 'apis'>): RestMethod[] {
  const requireOnProject = (call: RestCall, verb: string, action: string, words: string) => {
    const resource = projectResource(projectIdOf(topology, call.params.project));
    const permission = `serviceusage.services.${verb}`;
    requirePermission(iam, { principal: call.principal, permission, resource }, action, words);
  };
  const json = (api: string) => serviceJson(api, topology.projectNumber, apis);
  const enable = (call: RestCall, action: string, names: readonly string[]): object[] => {
    const words = `Permission denied to enable service [${names.join(', ')}]`;
    requireOnProject(call, 'enable', action, words);
    // Names that cannot be are at fault first.
    for (const name of names) json(name);
    requirePlayed(names);
    apis.enable(names);
    return names.map(json);
  };

  return [
    {
      name: 'google.api.serviceusage.v1.ServiceUsage.BatchGetServices',
      verb: 'GET',
      path: `${parent}:batchGet`,
      handle: (call) => {
        const names = call.query.getAll('names').map(lastSegment);
        if (names.length === 0 || names.length > mostNames) {
          throw invalidArgument(`names must have 1 to ${mostNames} values.`);
        }
        const words = `Permission denied to get service [${names.join(', ')}]`;
        requireOnProject(call, 'get', 'BatchGetServices', words);
        return { services: names.map(json) };
      },
    },
    {
      name: 'google.api.serviceusage.v1.ServiceUsage.GetService',
      verb: 'GET',
      path: `${parent}/{api}`,
      handle: (call) => {
        const { api = '' } = call.params;
        const words = `Permission denied to get service [${api}]`;
        requireOnProject(call, 'get', 'GetService', words);
        return json(api);
      },
    },
    {
      name: 'google.api.serviceusage.v1.ServiceUsage.ListServices',
      verb: 'GET',
      path: parent,
      handle: (call) => {
        const { params, query } = call;
        const words = `Permission denied to list services for consumer container [projects/${params.project}]`;
        requireOnProject(call, 'list', 'ListServices', words);
        const wanted = listed(query.get('filter') ?? '', apis);
        const { items, nextPageToken } = listPage(wanted, (api) => api, query);
        return {
          ...(items.length > 0 && { services: items.map(json) }),
          ...(nextPageToken !== '' && { nextPageToken }),
        };
      },
    },
    {
      name: 'google.api.serviceusage.v1.ServiceUsage.EnableService',
      verb: 'POST',
      path: `${parent}/{api}:enable`,
      handle: (call) => {
        const [service] = enable(call, 'EnableService', [call.params.api ?? '']);
        return done('EnableServiceResponse', { service });
      },
    },
    {
      name: 'google.api.serviceusage.v1.ServiceUsage.DisableService',
      verb: 'POST',
      path: `${parent}/{api}:disable`,
      handle: (call) => {
        const { api = '' } = call.params;
        const words = `Permission denied to disable service [${api}]`;
        requireOnProject(call, 'disable', 'DisableService', words);
        json(api);
        apis.disable(api);
        return done('DisableServiceResponse', { service: json(api) });
      },
    },
    {
      name: 'google.api.serviceusage.v1.ServiceUsage.BatchEnableServices',
      verb: 'POST',
      path: `${parent}:batchEnable`,
      handle: (call) => {
        const { serviceIds } = parseBody(batchEnableSchema, call.body);
        const services = enable(call, 'BatchEnableServices', serviceIds);
        return done('BatchEnableServicesResponse', { services });
      },
    },
  ];
}

/** https://cloud.google.com/service-usage/docs/reference/rest/v1/services/list */
function listed(filter: string, apis: EnabledApis): string[] {
  const all = [...playedApis.keys()];
  if (filter === '') return all;
  if (filter === 'state:ENABLED') return all.filter((api) => apis.has(api));
  if (filter === 'state:DISABLED') return all.filter((api) => !apis.has(api));
  throw invalidArgument(`The filter ${filter} is not state:ENABLED or state:DISABLED.`);
}

/** All or none. Not UNIMPLEMENTED: gcloud tries every 5xx again, for half a minute. */
function requirePlayed(apis: readonly string[]): void {
  const others = apis.filter((api) => !playedApis.has(api));
  if (others.length === 0) return;
  throw new ApiError(
    'FAILED_PRECONDITION',
    `The local cloud cannot enable ${others.join(', ')}: it has ${[...playedApis.keys()].join(', ')} and no other API.`,
  );
}

/** What Google answers when there is nothing to do [O]. */
function done(type: string, response: object): object {
  const typeUrl = `type.googleapis.com/google.api.serviceusage.v1.${type}`;
  return {
    name: 'operations/noop.DONE_OPERATION',
    done: true,
    response: { '@type': typeUrl, ...response },
  };
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

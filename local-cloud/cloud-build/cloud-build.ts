import type { ApiServices } from '../api-services.ts';
import { requirePermission } from '../iam/require-permission.ts';
import { projectResource } from '../iam/resource-names.ts';
import { ApiError, invalidArgument } from '../network/api-error.ts';
import { projectIdOf } from '../resource-manager/project-id.ts';
import { listPage } from '../rest/list-page.ts';
import { parseBody } from '../rest/parse-body.ts';
import type { RestCall, RestMethod } from '../rest/rest-api.ts';
import { buildJson, buildOperation } from './build-json.ts';
import { buildSchema } from './build-schema.ts';
import type { Build } from './builds.ts';
import { runBuild } from './run-build.ts';

type Services = Pick<
  ApiServices,
  'topology' | 'clock' | 'iam' | 'images' | 'buckets' | 'builds' | 'notify'
>;

const api = 'google.devtools.cloudbuild.v1.CloudBuild';

/** Cloud Build: builds are accepted, checked and done at once. */
export function cloudBuildMethods(services: Services): RestMethod[] {
  return [
    ...methodsAt(services, '/v1/projects/{project}'),
    ...methodsAt(services, '/v1/projects/{project}/locations/{location}'),
  ];
}

function methodsAt(services: Services, parent: string): RestMethod[] {
  const { topology, iam, builds, buckets } = services;
  const requireOnProject = (call: RestCall, verb: string, action: string): string => {
    const project = projectIdOf(topology, call.params.project);
    const permission = `cloudbuild.builds.${verb}`;
    const resource = projectResource(project);
    const words = 'The caller does not have permission';
    requirePermission(iam, { principal: call.principal, permission, resource }, action, words);
    return project;
  };
  const existing = ({ params }: RestCall, project: string): Build => {
    const build = builds.get(params.build ?? '');
    if (build?.project === project) return build;
    throw new ApiError('NOT_FOUND', 'Requested entity was not found.');
  };
  return [
    {
      name: `${api}.CreateBuild`,
      verb: 'POST',
      path: `${parent}/builds`,
      handle: (call) => {
        requireOnProject(call, 'create', 'CreateBuild');
        const request = parseBody(buildSchema, call.body);
        if (request.steps.length === 0)
          throw invalidArgument('invalid build: build.steps must not be empty');
        const { bucket, object } = request.source?.storageSource ?? {};
        if (bucket && object && !buckets.object(bucket, object)) {
          throw invalidArgument(
            `could not resolve storage source: gs://${bucket}/${object} does not exist`,
          );
        }
        return buildOperation(runBuild(services, call.params.location ?? 'global', request));
      },
    },
    {
      name: `${api}.GetBuild`,
      verb: 'GET',
      path: `${parent}/builds/{build}`,
      handle: (call) => buildJson(existing(call, requireOnProject(call, 'get', 'GetBuild'))),
    },
    {
      name: `${api}.ListBuilds`,
      verb: 'GET',
      path: `${parent}/builds`,
      handle: (call) => {
        const project = requireOnProject(call, 'list', 'ListBuilds');
        const { items, nextPageToken } = listPage(builds.list(project), ({ id }) => id, call.query);
        return {
          ...(items.length > 0 && { builds: items.map(buildJson) }),
          ...(nextPageToken !== '' && { nextPageToken }),
        };
      },
    },
  ];
}

import type { ApiServices } from '../api-services.ts';
import type { PolicyTarget } from '../iam/policy-methods.ts';
import { requirePermission } from '../iam/require-permission.ts';
import { projectResource } from '../iam/resource-names.ts';
import { iamPolicyMethods } from '../rest/iam-policy.ts';
import type { RestCall, RestMethod } from '../rest/rest-api.ts';
import { projectFilter } from './project-filter.ts';
import { projectIdOf } from './project-id.ts';
import { type Project, projectV1, projectV3 } from './project-json.ts';

type Services = Pick<ApiServices, 'topology' | 'iam' | 'clock'>;

/** The words are the same for a project that does not exist [O]. */
const denied = 'The caller does not have permission';

/** Resource Manager: the one project, under its id and its number, and its policy. */
export function resourceManagerMethods({ topology, iam, clock }: Services): RestMethod[] {
  const project: Project = {
    id: topology.project,
    number: topology.projectNumber,
    createdAtMs: clock.now(),
  };
  const resourceOf = ({ params }: RestCall) =>
    projectResource(projectIdOf(topology, params.project));
  const targetOf = (call: RestCall): PolicyTarget => ({
    resource: resourceOf(call),
    permissions: 'resourcemanager.projects',
    // Nobody holds a permission on a project that does not exist.
    requireExistence: () => undefined,
    denied,
  });
  const getProject = (call: RestCall): Project => {
    const permission = 'resourcemanager.projects.get';
    const request = { principal: call.principal, permission, resource: resourceOf(call) };
    requirePermission(iam, request, 'GetProject', denied);
    return project;
  };
  const visibleProjects = ({ principal }: RestCall, filter: string): Project[] => {
    const isWanted = projectFilter(filter);
    const resource = projectResource(project.id);
    const isVisible = iam.check({
      principal,
      permission: 'resourcemanager.projects.get',
      resource,
    });
    return isVisible.allowed && isWanted(searchableFields(project)) ? [project] : [];
  };
  const policyMethods = ['v1', 'v3'].flatMap((version) =>
    iamPolicyMethods(
      { access: iam, policies: iam.policies },
      {
        api: `google.cloud.resourcemanager.${version}.Projects`,
        path: `/${version}/projects/{project}`,
        getVerb: 'POST',
        targetOf,
      },
    ),
  );
  return [
    ...policyMethods,
    {
      name: 'google.cloud.resourcemanager.v1.Projects.GetProject',
      verb: 'GET',
      path: '/v1/projects/{project}',
      handle: (call) => projectV1(getProject(call)),
    },
    {
      name: 'google.cloud.resourcemanager.v3.Projects.GetProject',
      verb: 'GET',
      path: '/v3/projects/{project}',
      handle: (call) => projectV3(getProject(call)),
    },
    {
      name: 'google.cloud.resourcemanager.v1.Projects.ListProjects',
      verb: 'GET',
      path: '/v1/projects',
      handle: (call) => {
        const projects = visibleProjects(call, call.query.get('filter') ?? '');
        return projects.length > 0 ? { projects: projects.map(projectV1) } : {};
      },
    },
    {
      name: 'google.cloud.resourcemanager.v3.Projects.SearchProjects',
      verb: 'GET',
      path: '/v3/projects:search',
      handle: (call) => {
        const projects = visibleProjects(call, call.query.get('query') ?? '');
        return projects.length > 0 ? { projects: projects.map(projectV3) } : {};
      },
    },
    {
      name: 'google.cloud.resourcemanager.v1.Projects.GetAncestry',
      verb: 'POST',
      path: '/v1/projects/{project}:getAncestry',
      handle: (call) => ({
        ancestor: [{ resourceId: { type: 'project', id: getProject(call).id } }],
      }),
    },
  ];
}

/** Under the names of both versions, in lower case. */
function searchableFields({ id, number }: Project): Record<string, string> {
  return {
    id,
    projectid: id,
    name: id,
    displayname: id,
    projectnumber: number,
    lifecyclestate: 'ACTIVE',
    state: 'ACTIVE',
  };
}

import type { ResolvedTopology } from '../../deploy/topology.ts';
import type { PolicyStore } from './policy-store.ts';
import { projectResource } from './resource-names.ts';

/**
 * What the local developer holds on the project: enough to look at everything, use Pub/Sub, and
 * change accounts, keys, roles, policies and enabled APIs, as the tour does. None of these roles can
 * invoke a service. That is why the developer is not `roles/owner` or `roles/editor`, who may invoke
 * every service: taking `roles/run.invoker` on a service away must really lock them out.
 */
export const developerProjectRoles = [
  'roles/viewer',
  'roles/pubsub.editor',
  'roles/iam.securityAdmin',
  'roles/iam.serviceAccountAdmin',
  'roles/iam.serviceAccountKeyAdmin',
  'roles/iam.roleAdmin',
  'roles/serviceusage.serviceUsageAdmin',
] as const;

/** Grants what the topology says, and the deployer the roles to administer the local project. */
export function seedFromTopology(policies: PolicyStore, topology: ResolvedTopology): void {
  for (const { resource, role, member } of topology.bindings) {
    policies.addBinding(resource, role, member);
  }
  for (const role of developerProjectRoles) {
    policies.addBinding(projectResource(topology.project), role, topology.deployer);
  }
}

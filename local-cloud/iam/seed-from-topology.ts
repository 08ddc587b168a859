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

/**
 * What a person needs to deploy into an empty project, as deploy/README.md says: the developer of an empty
 * local cloud holds just this, so that a rehearsal proves that it is enough.
 * `roles/run.admin` may invoke every service, at Google too: what keeps a deployer out of a service is
 * only the service's own check.
 */
export const deployerProjectRoles = [
  'roles/browser',
  'roles/serviceusage.serviceUsageAdmin',
  'roles/artifactregistry.admin',
  'roles/cloudbuild.builds.editor',
  'roles/storage.admin',
  'roles/iam.serviceAccountAdmin',
  'roles/iam.serviceAccountUser',
  'roles/run.admin',
  'roles/pubsub.admin',
  'roles/iam.serviceAccountViewer',
] as const;

/** Grants what the topology says, and the deployer `roles` on the local project. */
export function seedFromTopology(
  policies: PolicyStore,
  topology: ResolvedTopology,
  roles: readonly string[] = developerProjectRoles,
): void {
  for (const { resource, role, member } of topology.bindings) {
    policies.addBinding(resource, role, member);
  }
  for (const role of roles) {
    policies.addBinding(projectResource(topology.project), role, topology.deployer);
  }
}

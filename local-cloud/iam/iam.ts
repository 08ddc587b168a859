import type { Clock } from '../clock.ts';
import type { AccessRequest, Authorizer, Decision, Principal } from './access.ts';
import { DecisionLog } from './decision-log.ts';
import { evaluate } from './evaluate.ts';
import { type GroupDirectory, noGroups } from './members.ts';
import { PolicyStore } from './policy-store.ts';
import { parentOf } from './resource-names.ts';
import { predefinedRoles, type RoleCatalog } from './roles.ts';

/** The IAM of one local cloud: its policies, and the record of what was decided by them. */
export class Iam implements Authorizer {
  readonly policies: PolicyStore;
  readonly decisions: DecisionLog;
  readonly #roles: RoleCatalog;
  readonly #directory: GroupDirectory;

  constructor(options: { clock: Clock; roles?: RoleCatalog; directory?: GroupDirectory }) {
    this.#roles = options.roles ?? predefinedRoles;
    this.#directory = options.directory ?? noGroups;
    this.policies = new PolicyStore(this.#roles);
    this.decisions = new DecisionLog({ clock: options.clock });
  }

  /** Decides without recording it. */
  check(request: AccessRequest): Decision {
    const ancestry = [request.resource, parentOf(request.resource)].filter(
      (name) => name !== undefined,
    );
    const attached = (resource: string) => ({ resource, policy: this.policies.get(resource) });
    return evaluate(request, {
      policies: ancestry.map(attached),
      elsewhere: () =>
        this.policies
          .resources()
          .filter((name) => !ancestry.includes(name))
          .map(attached),
      roles: this.#roles,
      directory: this.#directory,
    });
  }

  /** Decides and records the decision. */
  authorize(request: AccessRequest, action: string): Decision {
    const decision = this.check(request);
    this.decisions.record(decision, action);
    return decision;
  }

  /** Records a refusal that happened before any policy was looked at, such as of a bad token. */
  record(decision: Decision, action: string): void {
    this.decisions.record(decision, action);
  }

  /** Which of `permissions` the principal has on the resource: `testIamPermissions`. Not recorded. */
  testPermissions(
    principal: Principal,
    resource: string,
    permissions: readonly string[],
  ): string[] {
    return permissions.filter(
      (permission) => this.check({ principal, permission, resource }).allowed,
    );
  }
}

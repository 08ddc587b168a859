import type { Clock } from '../clock.ts';
import type { AccessRequest, Authorizer, Decision, Principal } from './access.ts';
import { DecisionLog } from './decision-log.ts';
import { evaluate } from './evaluate.ts';
import { type GroupDirectory, noGroups } from './members.ts';
import { missingMember } from './missing-member.ts';
import { PolicyStore } from './policy-store.ts';
import { parentOf } from './resource-names.ts';
import { predefinedRoles, type RoleCatalog } from './roles.ts';
import { type AccountDirectory, noAccounts } from './service-accounts.ts';

/** The IAM of one local cloud: its policies, and the record of what was decided by them. */
export class Iam implements Authorizer {
  readonly policies: PolicyStore;
  readonly decisions: DecisionLog;
  readonly #clock: Clock;
  readonly #roles: RoleCatalog;
  readonly #directory: GroupDirectory;
  #accounts: AccountDirectory = noAccounts;

  constructor(options: { clock: Clock; roles?: RoleCatalog; directory?: GroupDirectory }) {
    const { clock, roles = predefinedRoles, directory = noGroups } = options;
    this.#clock = clock;
    this.#roles = roles;
    this.#directory = directory;
    this.policies = new PolicyStore({
      clock,
      roles,
      refuse: (member) => missingMember(member, directory, this.#accounts),
    });
    this.decisions = new DecisionLog({ clock });
  }

  /**
   * From now on nothing is granted to accounts that do not exist, and those that cannot act are refused.
   * Set after the construction: the accounts in turn are made with the policies.
   */
  useAccounts(accounts: AccountDirectory): void {
    this.#accounts = accounts;
  }

  /** How long changes of policies from now on take to count in decisions, in milliseconds; 0 at first. */
  get propagationDelayMs(): number {
    return this.policies.propagationDelayMs;
  }

  /** @throws RangeError outside of 0–120000 */
  set propagationDelayMs(delayMs: number) {
    this.policies.propagationDelayMs = delayMs;
  }

  /** Decides without recording it. */
  check(request: AccessRequest): Decision {
    const ancestry = [request.resource, parentOf(request.resource)].filter(
      (name) => name !== undefined,
    );
    const attached = (resource: string) => this.policies.attachedTo(resource);
    return evaluate(request, {
      nowMs: this.#clock.now(),
      policies: ancestry.map(attached),
      elsewhere: () =>
        this.policies
          .resources()
          .filter((name) => !ancestry.includes(name))
          .map(attached),
      roles: this.#roles,
      directory: this.#directory,
      accounts: this.#accounts,
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

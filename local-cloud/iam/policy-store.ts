import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { type BindingRules, checkBinding } from './check-binding.ts';
import { formatMember, parseMember } from './members.ts';
import { hasCondition, mergeBindings } from './merge-bindings.ts';
import {
  type Binding,
  type Condition,
  emptyPolicy,
  type Policy,
  type PolicyUpdate,
  StaleEtagError,
} from './policy.ts';
import { checkPolicyLimits } from './policy-limits.ts';
import { asVersion1, checkVersionNumber, checkVersionOf } from './policy-version.ts';
import { type PreparedBinding, prepareBinding } from './prepared-binding.ts';
import { predefinedRoles, type RoleCatalog } from './roles.ts';

/** Bindings that count from some time on. */
export interface BindingsFrom {
  bindings: readonly PreparedBinding[];
  /** Milliseconds since the Unix epoch. */
  effectiveAtMs: number;
}

/** The bindings of a resource as decisions see them. */
export interface AttachedBindings {
  /** Full resource name. */
  resource: string;
  /** Those that count now. */
  bindings: readonly PreparedBinding[];
  /** What was written since and does not count yet, oldest first. */
  pending: readonly BindingsFrom[];
}

type Version = BindingsFrom & { policy: Policy };

export interface PolicyStoreOptions {
  clock: Clock;
  roles?: RoleCatalog;
  /** By default every well-formed member can be granted a role. */
  refuse?: BindingRules['refuse'];
}

/** Google: access changes take 2 minutes as a rule, https://cloud.google.com/iam/docs/access-change-propagation */
const longestPropagationDelayMs = 120_000;

/**
 * The allow policies of all resources, by full resource name. A write is read back at once, and counts in
 * decisions when the propagation delay of its time is over.
 */
export class PolicyStore {
  readonly #clock: Clock;
  readonly #roles: RoleCatalog;
  readonly #refuse: BindingRules['refuse'];
  /** In the order of their writing; the last one is what clients read. */
  readonly #versions = new Map<string, Version[]>();
  #propagationDelayMs = 0;
  #writes = 0;

  constructor({ clock, roles = predefinedRoles, refuse = () => undefined }: PolicyStoreOptions) {
    this.#clock = clock;
    this.#roles = roles;
    this.#refuse = refuse;
  }

  /** How long the writes from now on take to count in decisions, in milliseconds; 0 at first. */
  get propagationDelayMs(): number {
    return this.#propagationDelayMs;
  }

  /** @throws RangeError outside of 0–120000 */
  set propagationDelayMs(delayMs: number) {
    if (!(delayMs >= 0 && delayMs <= longestPropagationDelayMs)) {
      throw new RangeError(
        `The propagation delay is from 0 to ${longestPropagationDelayMs} milliseconds, not ${delayMs}.`,
      );
    }
    this.#propagationDelayMs = delayMs;
  }

  /**
   * A copy of the resource's policy as last written; an empty one if none was set. Without version 3 its
   * conditions are left out, see {@link asVersion1}.
   *
   * @throws {InvalidPolicyError} for a version that does not exist
   */
  get(resource: string, requestedVersion = 3): Policy {
    checkVersionNumber(requestedVersion);
    const policy = this.#latest(resource);
    return structuredClone(requestedVersion < 3 ? asVersion1(policy) : policy);
  }

  /** The bindings of the resource as decisions see them now. */
  attachedTo(resource: string): AttachedBindings {
    const versions = this.#relevant(resource);
    const [first] = versions;
    const counts = first !== undefined && first.effectiveAtMs <= this.#clock.now();
    return counts
      ? { resource, bindings: first.bindings, pending: versions.slice(1) }
      : { resource, bindings: [], pending: versions };
  }

  /** Resources that have a policy. */
  resources(): string[] {
    return [...this.#versions.keys()];
  }

  /**
   * Replaces the resource's policy and returns a copy of what was stored: bindings of one role and
   * condition merged, members in IAM's spelling, each once, bindings without members left out.
   *
   * @throws {StaleEtagError | InvalidPolicyError} then nothing has changed
   */
  set(resource: string, update: PolicyUpdate): Policy {
    const current = this.#latest(resource);
    if (update.etag && update.etag !== current.etag) throw new StaleEtagError(resource);
    checkVersionOf(update, current);
    const rules = { resource, roles: this.#roles, refuse: this.#refuse };
    const bindings = mergeBindings(update.bindings.map((binding) => checkBinding(binding, rules)));
    checkPolicyLimits(bindings);
    const policy: Policy = {
      version: bindings.some(({ condition }) => condition) ? 3 : 1,
      bindings,
      etag: this.#nextEtag(resource),
    };
    const version = {
      policy,
      bindings: bindings.map(prepareBinding),
      effectiveAtMs: this.#clock.now() + this.#propagationDelayMs,
    };
    this.#versions.set(resource, [...this.#relevant(resource), version]);
    return structuredClone(policy);
  }

  /** Forgets the policy of a resource that is deleted, at once. */
  remove(resource: string): void {
    this.#versions.delete(resource);
  }

  /** Adds one member to a role. @throws {InvalidPolicyError} */
  addBinding(resource: string, role: string, member: string, condition?: Condition): Policy {
    const { bindings, etag } = this.#latest(resource);
    const added = { role, members: [member], condition };
    return this.set(resource, { bindings: [...bindings, added], etag, version: 3 });
  }

  /** Takes one member out of a role; `false` if it was not in it. */
  removeBinding(resource: string, role: string, member: string, condition?: Condition): boolean {
    const parsed = parseMember(member);
    const unwanted = parsed ? formatMember(parsed) : member;
    const { bindings, etag } = this.#latest(resource);
    const isMeant = (binding: Binding) => binding.role === role && hasCondition(binding, condition);
    if (!bindings.some((binding) => isMeant(binding) && binding.members.includes(unwanted))) {
      return false;
    }
    const remaining = bindings.map((binding) =>
      isMeant(binding)
        ? { ...binding, members: binding.members.filter((other) => other !== unwanted) }
        : binding,
    );
    this.set(resource, { bindings: remaining, etag, version: 3 });
    return true;
  }

  /** Writes another member in the place of one, in every policy that has it; counts at once. */
  replaceMember(from: string, to: string): void {
    for (const [resource, versions] of this.#versions) {
      const replaced = versions.map((version) => this.#withMember(version, from, to, resource));
      this.#versions.set(resource, replaced);
    }
  }

  #withMember(version: Version, from: string, to: string, resource: string): Version {
    const { policy, effectiveAtMs } = version;
    if (!policy.bindings.some(({ members }) => members.includes(from))) return version;
    const bindings = policy.bindings.map((binding) => ({
      ...binding,
      members: binding.members.map((member) => (member === from ? to : member)),
    }));
    const etag = this.#nextEtag(resource);
    return {
      policy: { ...policy, bindings, etag },
      bindings: bindings.map(prepareBinding),
      effectiveAtMs,
    };
  }

  /** From the version that counts now on: what is older was replaced and never counts again. */
  #relevant(resource: string): Version[] {
    const versions = this.#versions.get(resource) ?? [];
    const now = this.#clock.now();
    const counting = versions.findLastIndex(({ effectiveAtMs }) => effectiveAtMs <= now);
    if (counting > 0) versions.splice(0, counting);
    return versions;
  }

  #latest(resource: string): Policy {
    return this.#versions.get(resource)?.at(-1)?.policy ?? emptyPolicy;
  }

  #nextEtag(resource: string): string {
    this.#writes += 1;
    const digest = createHash('sha256').update(`${this.#writes} ${resource}`).digest();
    return digest.subarray(0, 8).toString('base64');
  }
}

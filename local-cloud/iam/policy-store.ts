import { createHash } from 'node:crypto';
import { formatMember, type Member, parseMember } from './members.ts';
import { parseResourceName } from './resource-names.ts';
import { predefinedRoles, type RoleCatalog } from './roles.ts';

/** Grants a role to members. */
export interface Binding {
  role: string;
  members: string[];
  condition?: { title: string; description?: string; expression: string };
}

/** An allow policy, https://cloud.google.com/iam/docs/reference/rest/v1/Policy */
export interface Policy {
  version: number;
  bindings: Binding[];
  /** Base64. Changes with every write. */
  etag: string;
}

/** What a client sends to set a policy. */
export interface PolicyUpdate {
  bindings: readonly BindingUpdate[];
  /** Of the policy that was read before. Without it the policy is overwritten, as Google does. */
  etag?: string | undefined;
  version?: number | undefined;
}

/** A binding as clients send it. */
export interface BindingUpdate {
  role: string;
  members: readonly string[];
  condition?:
    | { title: string; description?: string | undefined; expression: string }
    | null
    | undefined;
}

/** The policy has changed since it was read: read, modify and write it again. */
export class StaleEtagError extends Error {
  override readonly name = 'StaleEtagError';

  constructor(resource: string) {
    super(`The policy of ${resource} has changed since it was read; read it again and retry.`);
  }
}

/** A policy that IAM refuses; the message says what is wrong with it. */
export class InvalidPolicyError extends Error {
  override readonly name = 'InvalidPolicyError';
}

/** What Google answers for a resource that has no policy. */
const emptyPolicy: Policy = { version: 1, bindings: [], etag: 'ACAB' };

/** The allow policies of all resources, by full resource name. */
export class PolicyStore {
  readonly #policies = new Map<string, Policy>();
  readonly #roles: RoleCatalog;
  #writes = 0;

  constructor(roles: RoleCatalog = predefinedRoles) {
    this.#roles = roles;
  }

  /** A copy of the resource's policy; an empty one if none was set. */
  get(resource: string, _requestedVersion?: number): Policy {
    return structuredClone(this.#policies.get(resource) ?? emptyPolicy);
  }

  /** Resources whose policy grants anything. */
  resources(): string[] {
    return [...this.#policies.keys()];
  }

  /**
   * Replaces the resource's policy and returns a copy of what was stored: bindings of one role
   * merged, members in IAM's spelling, each once, bindings without members left out.
   * Throws {@link StaleEtagError} and {@link InvalidPolicyError}; then nothing has changed.
   */
  set(resource: string, { bindings, etag, version }: PolicyUpdate): Policy {
    if (etag !== undefined && etag !== '' && etag !== this.get(resource).etag) {
      throw new StaleEtagError(resource);
    }
    if (version !== undefined && ![0, 1, 3].includes(version)) {
      throw new InvalidPolicyError(`Policy version ${version} does not exist; use 1 or 3.`);
    }
    const members = new Map<string, Set<string>>();
    for (const binding of bindings) {
      const checked = this.#check(binding, resource);
      const merged = members.get(binding.role) ?? new Set();
      for (const member of checked) merged.add(member);
      if (merged.size > 0) members.set(binding.role, merged);
    }
    const policy: Policy = {
      version: 1,
      bindings: Array.from(members, ([role, set]) => ({ role, members: [...set] })),
      etag: this.#nextEtag(resource),
    };
    this.#policies.set(resource, policy);
    return structuredClone(policy);
  }

  /** Forgets the policy of a resource that is deleted. */
  remove(resource: string): void {
    this.#policies.delete(resource);
  }

  /** Adds one member to a role. Throws {@link InvalidPolicyError}. */
  addBinding(resource: string, role: string, member: string): Policy {
    const { bindings, etag } = this.get(resource);
    return this.set(resource, { bindings: [...bindings, { role, members: [member] }], etag });
  }

  /** Takes one member out of a role; `false` if it was not in it. */
  removeBinding(resource: string, role: string, member: string): boolean {
    const parsed = parseMember(member);
    const unwanted = parsed ? formatMember(parsed) : member;
    const { bindings, etag } = this.get(resource);
    const binding = bindings.find((candidate) => candidate.role === role);
    if (!binding?.members.includes(unwanted)) return false;
    binding.members = binding.members.filter((candidate) => candidate !== unwanted);
    this.set(resource, { bindings: bindings.filter(({ members }) => members.length > 0), etag });
    return true;
  }

  /** Writes another member in the place of one, in every policy that has it. */
  replaceMember(from: string, to: string): void {
    for (const [resource, policy] of this.#policies) {
      if (!policy.bindings.some(({ members }) => members.includes(from))) continue;
      const bindings = policy.bindings.map((binding) => ({
        ...binding,
        members: binding.members.map((member) => (member === from ? to : member)),
      }));
      this.#policies.set(resource, { ...policy, bindings, etag: this.#nextEtag(resource) });
    }
  }

  /** The binding's members in IAM's spelling. */
  #check({ role, members, condition }: BindingUpdate, resource: string): string[] {
    if (condition) {
      throw new InvalidPolicyError(
        `The local cloud does not support conditions yet (condition "${condition.title}" of ${role}).`,
      );
    }
    if (!this.#roles.has(role)) {
      throw new InvalidPolicyError(`Role ${role} is not supported for this resource.`);
    }
    return members.map((text) => {
      const member = parseMember(text);
      if (!member) {
        throw new InvalidPolicyError(
          `Invalid member ${JSON.stringify(text)}: expected user:, serviceAccount: or group: with an e-mail address, domain: with a domain, allUsers or allAuthenticatedUsers.`,
        );
      }
      checkPublic(member, resource);
      return formatMember(member);
    });
  }

  #nextEtag(resource: string): string {
    this.#writes += 1;
    const digest = createHash('sha256').update(`${this.#writes} ${resource}`).digest();
    return digest.subarray(0, 8).toString('base64');
  }
}

/** https://cloud.google.com/iam/docs/principals-overview: nobody makes a whole project public. */
function checkPublic(member: Member, resource: string): void {
  const isPublic = member.kind === 'allUsers' || member.kind === 'allAuthenticatedUsers';
  if (isPublic && parseResourceName(resource)?.kind === 'project') {
    throw new InvalidPolicyError(`${member.kind} cannot be granted a role on a project.`);
  }
}

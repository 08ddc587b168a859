import type { Clock } from '../clock.ts';
import { ApiError } from '../network/api-error.ts';
import { predefinedRoles, type Role, type RoleCatalog } from './roles.ts';

/** https://cloud.google.com/iam/docs/reference/rest/v1/organizations.roles#rolelaunchstage */
export const launchStages = ['ALPHA', 'BETA', 'GA', 'DEPRECATED', 'DISABLED', 'EAP'] as const;

/** What the owner of a custom role decides about it. */
export interface RoleContent {
  title: string;
  description: string;
  stage: (typeof launchStages)[number];
  permissions: ReadonlySet<string>;
}

/** A custom role: `projects/demo-project/roles/watcher`. */
export interface CustomRole extends Role, RoleContent {
  /** Changes with every write. */
  etag: string;
  /** Milliseconds since the Unix epoch; `undefined` while it exists. */
  deletedAtMs: number | undefined;
}

const dayMs = 24 * 3_600_000;
/** https://cloud.google.com/iam/docs/creating-custom-roles#deleting-custom-role */
const undeletableForMs = 7 * dayMs;
/** When the name is free again: the deletion itself takes another 30 days (same page). */
const nameKeptForMs = undeletableForMs + 30 * dayMs;

/** The predefined roles, and the custom roles of each project. */
export class CustomRoles implements RoleCatalog {
  readonly #clock: Clock;
  readonly #custom = new Map<string, CustomRole>();
  #writes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A role that grants something: a custom one that is deleted or disabled does not. */
  get(name: string): Role | undefined {
    const custom = this.find(name);
    const grants = custom && custom.deletedAtMs === undefined && custom.stage !== 'DISABLED';
    return predefinedRoles.get(name) ?? (grants ? custom : undefined);
  }

  /**
   * Whether a policy may name it. Deleted roles too: their bindings stay in policies, which could not
   * be changed any more otherwise.
   */
  has(name: string): boolean {
    return predefinedRoles.has(name) || this.#custom.has(name);
  }

  *values(): Iterable<Role> {
    yield* predefinedRoles.values();
    for (const name of this.#custom.keys()) {
      const role = this.get(name);
      if (role) yield role;
    }
  }

  /** A custom role, also one that can still be undeleted. */
  find(name: string): CustomRole | undefined {
    const role = this.#custom.get(name);
    return role && this.#deletedFor(role) <= undeletableForMs ? role : undefined;
  }

  /** The custom roles of a project that exist; with `deleted`, also those that can be undeleted. */
  list(project: string, { deleted }: { deleted: boolean }): CustomRole[] {
    return [...this.#custom.values()].filter(
      ({ name, deletedAtMs }) =>
        name.startsWith(`projects/${project}/`) &&
        (deletedAtMs === undefined || (deleted && this.find(name) !== undefined)),
    );
  }

  /** @throws {ApiError} ALREADY_EXISTS; FAILED_PRECONDITION while a deleted one keeps the name [O] */
  create(project: string, id: string, content: RoleContent): CustomRole {
    const name = `projects/${project}/roles/${id}`;
    const existing = this.#custom.get(name);
    if (existing && existing.deletedAtMs === undefined) {
      throw new ApiError(
        'ALREADY_EXISTS',
        `A role named ${id} in projects/${project} already exists.`,
      );
    }
    if (existing && this.#deletedFor(existing) <= nameKeptForMs) {
      throw new ApiError(
        'FAILED_PRECONDITION',
        `You can't create a role with role_id (${id}) where there is an existing role with that role_id in a deleted state.`,
      );
    }
    const role = { name, ...content, etag: this.#nextEtag(), deletedAtMs: undefined };
    this.#custom.set(name, role);
    return role;
  }

  update(role: CustomRole, changes: Partial<RoleContent>): void {
    Object.assign(role, changes, { etag: this.#nextEtag() });
  }

  /** Its bindings stay and grant nothing. */
  delete(role: CustomRole): void {
    role.deletedAtMs = this.#clock.now();
    role.etag = this.#nextEtag();
  }

  undelete(role: CustomRole): void {
    role.deletedAtMs = undefined;
    role.etag = this.#nextEtag();
  }

  #deletedFor({ deletedAtMs }: CustomRole): number {
    return deletedAtMs === undefined ? 0 : this.#clock.now() - deletedAtMs;
  }

  #nextEtag(): string {
    this.#writes += 1;
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(this.#writes, 4);
    return bytes.toString('base64');
  }
}

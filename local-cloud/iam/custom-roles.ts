import { predefinedRoles, type Role, type RoleCatalog } from './roles.ts';

/** The predefined roles, and the custom roles of each project. */
export class CustomRoles implements RoleCatalog {
  readonly #custom = new Map<string, Role>();

  get(name: string): Role | undefined {
    return predefinedRoles.get(name) ?? this.#custom.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  *values(): Iterable<Role> {
    yield* predefinedRoles.values();
    yield* this.#custom.values();
  }
}

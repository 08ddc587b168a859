import { invalidArgument, unimplemented } from '../../network/api-error.ts';

export interface UpdateRules<Field extends string> {
  /** In error messages, for example `Topic`. */
  type: string;
  /** Fields that can be updated: from the mask's snake_case to ours. */
  mutable: Readonly<Record<string, Field>>;
  /** Fields that exist and cannot be updated, in snake_case. */
  immutable: readonly string[];
  /** Fields that the local cloud does not have, in snake_case. */
  unsupported: readonly string[];
}

/** The fields that an update mask names. Throws INVALID_ARGUMENT and UNIMPLEMENTED. */
export function maskedFields<Field extends string>(
  paths: readonly string[],
  { type, mutable, immutable, unsupported }: UpdateRules<Field>,
): Field[] {
  const request = `Update${type}Request`;
  if (paths.length === 0) {
    throw invalidArgument(
      `The update_mask in the ${request} must be set, and must contain a non-empty paths list.`,
    );
  }
  return paths.map((path) => {
    const field = Object.hasOwn(mutable, path) ? mutable[path] : undefined;
    if (field) return field;
    if (unsupported.includes(path)) throw unimplemented(`the setting ${path}`);
    throw invalidArgument(
      immutable.includes(path)
        ? `Invalid update_mask provided in the ${request}: the '${path}' field in the ${type} is not mutable.`
        : `Invalid update_mask provided in the ${request}: '${path}' is not a known ${type} field. Note that field paths must be of the form 'push_config' rather than 'pushConfig'.`,
    );
  });
}

/** A copy of `current` in which the named fields are those of `update`. */
export function withFields<T extends object, Field extends keyof T>(
  current: T,
  update: Partial<Pick<T, Field>>,
  fields: readonly Field[],
): Partial<T> {
  const changed: Partial<T> = { ...current };
  for (const field of fields) {
    const value = update[field];
    if (value === undefined) delete changed[field];
    else changed[field] = value;
  }
  return changed;
}

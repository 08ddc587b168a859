import { unimplemented } from '../../network/api-error.ts';

/**
 * Refuses settings that would change what happens to messages and that the local cloud does not
 * have: to accept and ignore them would be a lie. Throws UNIMPLEMENTED, naming the setting.
 */
export function refuseUnsupported(
  resource: object,
  settings: Readonly<Record<string, string>>,
): void {
  for (const [field, value] of Object.entries(resource)) {
    const name = settings[field];
    if (name && isSet(value)) throw unimplemented(`the setting ${name}`);
  }
}

/** Protocol buffers do not tell an absent field from an empty one. */
function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

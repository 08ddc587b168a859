import { invalidArgument } from '../network/api-error.ts';

/**
 * The fields to update: those in the mask, comma-separated and in either spelling; without a mask those
 * that are in the body, https://google.aip.dev/134. Fields that cannot be updated are at fault in a
 * mask, and passed over in a body, as whoever sends back what they have read expects.
 *
 * @throws {ApiError} INVALID_ARGUMENT
 */
export function fieldsToUpdate<Field extends string>(
  mask: string,
  body: Readonly<Record<string, unknown>>,
  mutable: readonly Field[],
): Field[] {
  const named = mask.split(',').filter((name) => name !== '');
  if (named.length === 0) return mutable.filter((field) => body[field] !== undefined);
  return named.map((name) => {
    const field = mutable.find((candidate) => candidate === camelCase(name.trim()));
    if (field === undefined) {
      throw invalidArgument(`Invalid update mask: ${name}. It may name ${mutable.join(', ')}.`);
    }
    return field;
  });
}

const camelCase = (name: string) =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

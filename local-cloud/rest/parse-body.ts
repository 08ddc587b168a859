import type { z } from 'zod';
import { invalidArgument } from '../network/api-error.ts';

/** What is told of a body of nonsense; an answer of megabytes helps nobody. */
const mostFaults = 50;

/**
 * Checks a JSON body, and answers what the schema makes of it.
 *
 * @throws {ApiError} INVALID_ARGUMENT that names the fields at fault
 */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalidArgument(
    `Invalid JSON payload received. ${result.error.issues.flatMap(describe).slice(0, mostFaults).join(' ')}`,
  );
}

/** [O] Google's words for a field that it does not know. */
function describe(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const where = at === '' ? '' : ` at '${at}'`;
    return issue.keys.map((key) => `Unknown name "${key}"${where}: Cannot find field.`);
  }
  return [`Invalid value at '${at}': ${issue.message}.`];
}

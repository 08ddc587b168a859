/** What an expression of HCL evaluates to. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

/** The files ask for something that is not there: Terraform would refuse, or `try` would go on. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** Key and value of each element, in Terraform's order: that of the keys. */
export function elementsOf(value: Value): [key: Value, value: Value][] {
  if (Array.isArray(value)) return value.map((element, index) => [index, element]);
  if (typeof value !== 'object' || value === null) {
    throw new EvaluationError(`${JSON.stringify(value)} has no elements`);
  }
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** @throws {EvaluationError} where Terraform cannot make a string of it. */
export function textOf(value: Value): string {
  if (typeof value === 'object') throw new EvaluationError(`${JSON.stringify(value)} is no text`);
  return String(value);
}

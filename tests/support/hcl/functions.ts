import { EvaluationError, elementsOf, textOf, type Value } from './values.ts';

/** https://developer.hashicorp.com/terraform/language/functions: those that our files use. */
export const functions: Readonly<Record<string, (...values: Value[]) => Value>> = {
  concat: (...lists) => lists.flatMap(listOf),
  contains: (list = null, value = null) => listOf(list).includes(value),
  distinct: (list = null) => [...new Set(listOf(list))],
  flatten: (list = null) => flatten(listOf(list)),
  join: (separator = null, list = null) => listOf(list).map(textOf).join(textOf(separator)),
  jsondecode: (text = null) => JSON.parse(textOf(text)),
  keys: (map = null) => elementsOf(map).map(([key]) => key),
  merge: (...maps) => Object.fromEntries(maps.flatMap((map) => entriesOf(map))),
  // Without groups, which is all that is asked for, RE2 and JavaScript agree.
  regexall: (pattern = null, text = null) =>
    [...textOf(text).matchAll(new RegExp(textOf(pattern), 'g'))].map(([found]) => found),
  startswith: (text = null, prefix = null) => textOf(text).startsWith(textOf(prefix)),
  toset: (list = null) => [...new Set(listOf(list))].sort(),
  trimprefix: (text = null, prefix = null) =>
    textOf(text).startsWith(textOf(prefix))
      ? textOf(text).slice(textOf(prefix).length)
      : textOf(text),
  values: (map = null) => elementsOf(map).map(([, value]) => value),
};

/** Functions whose arguments may fail. */
export const lazyFunctions: Readonly<Record<string, (values: readonly (() => Value)[]) => Value>> =
  {
    can: ([value]) => attempt(value) !== undefined,
    try: (values) => {
      for (const value of values) {
        const found = attempt(value);
        if (found !== undefined) return found;
      }
      throw new EvaluationError('nothing of a try() has a value');
    },
  };

function attempt(value: (() => Value) | undefined): Value | undefined {
  try {
    return value?.();
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function listOf(value: Value): Value[] {
  if (!Array.isArray(value)) throw new EvaluationError(`${JSON.stringify(value)} is no list`);
  return value;
}

function entriesOf(map: Value): [string, Value][] {
  if (Array.isArray(map)) throw new EvaluationError('a list is no map');
  return elementsOf(map).map(([key, value]) => [textOf(key), value]);
}

function flatten(list: Value[]): Value[] {
  return list.flatMap((item) => (Array.isArray(item) ? flatten(item) : [item]));
}

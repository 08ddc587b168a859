/** One fault put into a source file: what it breaks, a text that occurs once, and what replaces it. */
export type Mutant = readonly [breaks: string, from: string, to: string];

/** The mutants of one file, and the deterministic tests of `npm test` that must notice each of them. */
export interface MutantGroup {
  /** As all paths here, from the root of the repository. */
  file: string;
  tests: readonly string[];
  /** Which of the tests, where others only take time. */
  only?: RegExp;
  mutants: readonly Mutant[];
}

/** @throws {Error} if the text to replace is not there exactly once: the table no longer fits the source. */
export function mutate(source: string, file: string, [breaks, from, to]: Mutant): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    const times = more.length + (after === undefined ? 0 : 1);
    throw new Error(`"${breaks}": ${file} holds this text ${times} times, not once:\n${from}`);
  }
  return before + to + after;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVitest } from 'vitest/node';
import { type Mutant, type MutantGroup, mutate } from './mutant.ts';

const root = join(import.meta.dirname, '../../..');

/** What the tests said about one mutant, or about the source as it is. */
export interface Verdict {
  file: string;
  /** `undefined` for the source as it is. */
  breaks: string | undefined;
  passed: number;
  /** The full names of the tests that failed. */
  failed: readonly string[];
  /** What kept tests from running at all; a mutant that does not even load proves nothing. */
  errors: readonly string[];
}

/**
 * Runs the tests of a group with one fault in its source, or none. The file itself is not touched: the
 * fault is put in on the way from the file to the tests.
 *
 * @throws {Error} if the fault no longer fits the source
 */
export async function runMutant(
  { file, tests, only }: MutantGroup,
  mutant: Mutant | undefined,
): Promise<Verdict> {
  const path = join(root, file);
  const source = readFileSync(path, 'utf8');
  const code = mutant ? mutate(source, file, mutant) : source;
  const plugin = {
    name: 'mutant',
    enforce: 'pre' as const,
    transform: (_code: string, id: string) => (id === path ? { code, map: null } : undefined),
  };
  const vitest = await createVitest(
    {
      root,
      watch: false,
      // With the cache, a mutant would be taken for the source, or the source for a mutant.
      fsModuleCache: false,
      reporters: [{}],
      maxWorkers: 1,
      pool: 'threads',
      // Some mutants never answer; that is noticed too.
      testTimeout: mutant ? 4_000 : 20_000,
    },
    { plugins: [plugin], logLevel: 'silent' },
  );
  try {
    const project = vitest.getRootProject();
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
      tests.map((test) =>
        project.createSpecification(join(root, test), only && { testNamePattern: only }),
      ),
    );
    const names = (state: 'passed' | 'failed') =>
      testModules.flatMap(({ children }) =>
        Array.from(children.allTests(state), ({ fullName }) => fullName),
      );
    return {
      file,
      breaks: mutant?.[0],
      passed: names('passed').length,
      failed: names('failed'),
      errors: testModules
        .flatMap((module) => module.errors().map(({ message }) => message))
        .concat(mutant ? [] : unhandledErrors.map(String)),
    };
  } finally {
    await vitest.close();
  }
}

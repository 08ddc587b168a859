import { allMutants } from './all-mutants.ts';
import { runMutant } from './run-mutant.ts';

/**
 * Runs every `shares`-th mutant from the `share`-th on, and the unchanged sources; prints each verdict
 * as a line of JSON. In a process of its own, because Vitest does not run inside a test of Vitest.
 */
const [share = 0, shares = 1] = process.argv.slice(2).map(Number);
const jobs = allMutants.flatMap((group) =>
  [undefined, ...group.mutants].map((mutant) => ({ group, mutant })),
);
for (const { group, mutant } of jobs.filter((_, index) => index % shares === share)) {
  process.stdout.write(`${JSON.stringify(await runMutant(group, mutant))}\n`);
}
// Vitest has set it, because tests failed; that they do is the point.
process.exitCode = 0;

import { Bench } from './harness/bench.ts';
import { measurements } from './measurements/measurements.ts';
import type { Measured, MeasurementName, Results } from './measurements/results.ts';
import { type BenchOptions, needsOurs, parseOptions, UsageError, usage } from './options.ts';
import { aboutThisRun } from './report/about.ts';
import { tables } from './report/tables.ts';
import { textTable } from './report/text-table.ts';
import { writeResults } from './report/write-results.ts';

// The processes that the run has started are ended on exit.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(usage);
  else await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}

async function run(options: BenchOptions): Promise<void> {
  const results: Results = { about: aboutThisRun(options) };
  const bench = await Bench.open({
    buildOurs: needsOurs(options),
    // By then the optimising compiler has seen even what a slow contestant does.
    warmUpMs: options.seconds * 2_000,
  });
  try {
    for (const name of options.only) await measure(name, bench, options, results);
  } finally {
    await bench.close();
  }
  for (const { title, note, rows } of tables(results)) {
    process.stdout.write(`\n${title}\n${note ? `${note}\n` : ''}\n${textTable(rows)}\n`);
  }
  if (options.output !== undefined) {
    writeResults(options.output, results);
    process.stdout.write(`\nWritten to ${options.output}.\n`);
  }
}

async function measure<Name extends MeasurementName>(
  name: Name,
  bench: Bench,
  options: BenchOptions,
  results: Partial<Measured>,
): Promise<void> {
  const start = performance.now();
  results[name] = await measurements[name](bench, options);
  const seconds = (performance.now() - start) / 1_000;
  process.stderr.write(`${name}: ${seconds.toFixed(0)} s\n`);
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { textTable } from '../report/text-table.ts';
import { pubsubTable } from './report.ts';
import { defaultPubsubOptions, runPubsubBenchmark } from './run-pubsub-benchmark.ts';

const rounds = Number(process.argv[2] ?? defaultPubsubOptions.rounds);
const results = await runPubsubBenchmark({ ...defaultPubsubOptions, rounds });
if (results.skipped) {
  process.stdout.write(`Skipped: the comparison with Google's emulator: ${results.skipped}.\n`);
}
process.stdout.write(`${textTable(pubsubTable(results))}\n`);
const folder = join(import.meta.dirname, '../results');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'pubsub.json'), `${JSON.stringify(results, null, 2)}\n`);

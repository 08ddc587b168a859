import { join } from 'node:path';
import { loadTopology } from '../../deploy/topology.ts';
import { textTable } from '../report/text-table.ts';
import { defaultInputs, type Inputs } from './inputs.ts';
import { measuredCpu } from './measured.ts';
import { scale } from './model.ts';
import { costsTable, limitsTable, needsTable } from './tables.ts';

const rates = [10, 1_000, 100_000];

const measured = measuredCpu(join(import.meta.dirname, '../results/results.json'));
const { concurrency, maxInstances } = {
  ...defaultInputs.instance,
  ...loadTopology().services.caller,
};
const inputs: Inputs = {
  ...defaultInputs,
  cpuSecondsPer1000: measured ?? defaultInputs.cpuSecondsPer1000,
  instance: { ...defaultInputs.instance, concurrency, maxInstances },
};
const { caller, receiver } = inputs.cpuSecondsPer1000;
process.stdout.write(
  `CPU seconds for 1,000 requests: caller ${caller.toFixed(3)}, receiver ${receiver.toFixed(3)} (${measured ? 'measured here' : 'default'})\n`,
);
const scales = rates.map((rate) => scale(rate, inputs));
const withoutRequestLogs = rates.map((rate) => scale(rate, { ...inputs, keptRequestLogs: 0 }));
const sections: [string, string[][]][] = [
  ['What it takes', needsTable(scales)],
  ['Limits in use', limitsTable(scales)],
  ['Dollars a month', costsTable(scales)],
  ["Dollars a month without Cloud Run's request lines", costsTable(withoutRequestLogs)],
];
for (const [title, rows] of sections) process.stdout.write(`\n${title}\n\n${textTable(rows)}\n`);

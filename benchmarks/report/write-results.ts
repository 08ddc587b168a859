import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../measurements/results.ts';
import { charts } from './charts.ts';
import { tables } from './tables.ts';
import { markdownTable } from './text-table.ts';

/** Writes a run to a folder: `results.json` with every figure, `README.md` with the tables, and the charts. */
export function writeResults(folder: string, results: Results): void {
  mkdirSync(folder, { recursive: true });
  const drawn = charts(results);
  for (const [name, chart] of Object.entries(drawn)) writeFileSync(join(folder, name), chart);
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, rounded, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), document(results, Object.keys(drawn)));
}

/** Four digits are more than any figure here is good for. */
function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(4))
    : value;
}

function document(results: Results, chartNames: readonly string[]): string {
  const { date, node, processor, cores, options } = results.about;
  const made = tables(results);
  // Whoever opens the page wants the verdicts first.
  const ordered = [...made.slice(-1), ...made.slice(0, -1)];
  return `${[
    '# Results',
    `Written by \`npm run bench\` on ${date.slice(0, 10)}: Node.js ${node}, ${cores} × ${processor}, ${options.rounds} rounds of ${options.seconds} s. [How it is measured](../README.md).`,
    ...ordered.slice(0, 1).map(section),
    ...chartNames.map((name) => `![${name.replace('.svg', '')}](${name})`),
    ...ordered.slice(1).map(section),
  ].join('\n\n')}\n`;
}

function section({ title, note, rows }: ReturnType<typeof tables>[number]): string {
  return [`## ${title}`, ...(note ? [note] : []), markdownTable(rows)].join('\n\n');
}

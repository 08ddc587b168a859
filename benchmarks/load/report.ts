import { type Figure, holds } from './figure.ts';
import type { Machine } from './machine.ts';

const columns = ['run', 'figure', 'measured', 'promised', ''] as const;

function cells(figure: Figure): string[] {
  const { phase, name, value, unit, target } = figure;
  return [
    phase,
    name,
    `${readable(value)} ${unit}`.trim(),
    target ? `${target.is} ${readable(target.value)} ${unit}`.trim() : '',
    verdict(figure),
  ];
}

function verdict(figure: Figure): string {
  if (!figure.target) return '';
  return holds(figure) ? 'kept' : 'MISSED';
}

/** Three digits that matter, all of those of a count. */
function readable(value: number): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** The figures in columns, for a terminal. */
export function textTable(figures: readonly Figure[]): string {
  const rows = [[...columns], ...figures.map(cells)];
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same for keeping, with the machine that it was measured on. */
export function markdownReport(figures: readonly Figure[], machine: Machine): string {
  const row = (values: readonly string[]) => `| ${values.join(' | ')} |`;
  const { cpu, cores, memoryGiB, kernel, node, date, commit } = machine;
  return [
    '# Load',
    '',
    `${date}, commit ${commit}: ${cores} cores of ${cpu}, ${memoryGiB} GiB, ${kernel}, Node ${node}.`,
    'Load generator, local cloud and both services share these cores. `benchmarks/load/README.md` tells how it is measured.',
    '',
    row(columns),
    row(columns.map(() => '---')),
    ...figures.map((figure) => row(cells(figure))),
    '',
  ].join('\n');
}

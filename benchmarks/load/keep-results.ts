import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { holds } from './figure.ts';
import type { Machine } from './machine.ts';
import type { Durations } from './options.ts';
import { markdownReport } from './report.ts';

/** Writes `load-<date>.json` and `.md` into `folder`. @returns their path without the ending */
export function keepResults(
  folder: string,
  { figures, machine, durations }: { figures: Figure[]; machine: Machine; durations: Durations },
): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `load-${machine.date.slice(0, 10)}`);
  const judged = figures.map((figure) => ({ ...figure, holds: holds(figure) }));
  const result = { machine, durationsMs: durations, figures: judged };
  writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${path}.md`, markdownReport(figures, machine));
  return path;
}

import { colour, legend, rect, svg, text } from './svg.ts';
import { figure } from './text-table.ts';

export interface BarChart {
  title: string;
  /** The parts that each bar is put together from. */
  parts: readonly string[];
  bars: readonly { label: string; values: readonly number[] }[];
}

const width = 720;
const left = 150;
const right = 90;
const rowHeight = 28;
const top = 56;

/** Bars that lie, from zero on, with the sum at their end. */
export function barChart({ title, parts, bars }: BarChart): string {
  const sums = bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const scale = (width - left - right) / Math.max(...sums, Number.MIN_VALUE);
  const rows = bars.flatMap(({ label, values }, row) => {
    const y = top + row * rowHeight;
    let x = left;
    const pieces = values.map((value, part) => {
      const start = x;
      x += value * scale;
      return rect({
        x: start,
        y,
        width: value * scale,
        height: rowHeight - 8,
        fill: colour(part),
      });
    });
    return [
      text(left - 8, y + 15, label, { 'text-anchor': 'end' }),
      ...pieces,
      text(x + 6, y + 15, figure(sums[row] ?? 0)),
    ];
  });
  const names = parts.length > 1 ? legend(left, 42, parts) : [];
  return svg(width, top + bars.length * rowHeight + 12, title, [...names, ...rows]);
}

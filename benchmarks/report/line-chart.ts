import { colour, legend, line, svg, text } from './svg.ts';
import { figure } from './text-table.ts';

export interface LineChart {
  title: string;
  /** What grows to the right. */
  across: string;
  series: readonly { name: string; points: readonly { x: number; y: number }[] }[];
}

const size = { width: 720, height: 380 };
const area = { left: 70, right: 700, top: 60, bottom: 330 };
const gridLines = 4;

/** Lines over a logarithmic axis: x must be above 0. The vertical axis begins at zero. */
export function lineChart({ title, across, series }: LineChart): string {
  const points = series.flatMap((one) => one.points);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const most = Math.max(...points.map(({ y }) => y), Number.MIN_VALUE);
  const [low, high] = [Math.log(xs[0] ?? 1), Math.log(xs.at(-1) ?? 1)];
  const place = {
    x: (x: number) =>
      area.left + ((Math.log(x) - low) / (high - low || 1)) * (area.right - area.left),
    y: (y: number) => area.bottom - (y / most) * (area.bottom - area.top),
  };
  const grid = Array.from({ length: gridLines + 1 }, (_, index) => (most * index) / gridLines);
  return svg(size.width, size.height, title, [
    ...legend(
      area.left,
      44,
      series.map(({ name }) => name),
    ),
    ...grid.flatMap((value) => [
      line({ x1: area.left, x2: area.right, y1: place.y(value), y2: place.y(value) }),
      text(area.left - 8, place.y(value) + 4, figure(value), { 'text-anchor': 'end' }),
    ]),
    ...xs.map((x) =>
      text(place.x(x), area.bottom + 18, x.toLocaleString('en-US'), { 'text-anchor': 'middle' }),
    ),
    text((area.left + area.right) / 2, area.bottom + 38, across, { 'text-anchor': 'middle' }),
    ...series.flatMap((one, index) => drawn(one.points, colour(index), place)),
  ]);
}

function drawn(
  points: readonly { x: number; y: number }[],
  stroke: string,
  place: { x: (x: number) => number; y: (y: number) => number },
): string[] {
  const at = points.map(({ x, y }) => [place.x(x).toFixed(1), place.y(y).toFixed(1)] as const);
  return [
    `<polyline fill="none" stroke="${stroke}" stroke-width="2" points="${at.join(' ')}"/>`,
    ...at.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${stroke}"/>`),
  ];
}

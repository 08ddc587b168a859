import { describe, expect, it } from 'vitest';
import { barChart } from './bar-chart.ts';
import { lineChart } from './line-chart.ts';

/** Values of one attribute, of all elements that have it. */
function numbers(markup: string, element: string, attribute: string): number[] {
  const found = markup.matchAll(new RegExp(`<${element} [^>]*?\\b${attribute}="([^"]*)"`, 'g'));
  return [...found].map(([, value]) => Number(value));
}

describe('barChart', () => {
  const chart = barChart({
    title: 'a < b & "c"',
    parts: ['one', 'two'],
    bars: [
      { label: 'first', values: [10, 30] },
      { label: 'second', values: [20, 0] },
    ],
  });

  it('draws lengths in proportion, one part after the other', () => {
    // The background and two squares of the legend come first.
    const [, , , ...widths] = numbers(chart, 'rect', 'width');
    const [longest = 0] = widths.slice(1);
    expect(widths.map((width) => width / longest)).toEqual([
      expect.closeTo(1 / 3, 2),
      1,
      expect.closeTo(2 / 3, 2),
      0,
    ]);
    const [, , , first = 0, second = 0] = numbers(chart, 'rect', 'x').toSpliced(0, 0, 0);
    expect(second - first).toBeCloseTo(widths[0] ?? 0, 0);
  });

  it('writes the sums, and text that is no markup', () => {
    expect(chart).toContain('>40.0</text>');
    expect(chart).toContain('<title>a &lt; b &amp; &quot;c&quot;</title>');
  });
});

describe('lineChart', () => {
  const chart = lineChart({
    title: 'growth',
    across: 'connections',
    series: [
      {
        name: 'ours',
        points: [
          { x: 1, y: 0 },
          { x: 10, y: 50 },
          { x: 100, y: 100 },
        ],
      },
    ],
  });

  it('spaces powers of ten evenly, and starts at zero', () => {
    const [x1 = 0, x2 = 0, x3 = 0] = numbers(chart, 'circle', 'cx');
    expect(x3 - x2).toBeCloseTo(x2 - x1, 0);
    const [low = 0, middle = 0, high = 0] = numbers(chart, 'circle', 'cy');
    expect(low - middle).toBeCloseTo(middle - high, 0);
    expect(low).toBeGreaterThan(high);
    expect(low).toBe(Math.max(...numbers(chart, 'line', 'y1')));
  });

  it('survives a single point', () => {
    const one = lineChart({
      title: '',
      across: '',
      series: [{ name: 'a', points: [{ x: 1, y: 0 }] }],
    });
    expect(one).not.toMatch(/NaN|Infinity/);
  });
});

import { expect, it } from 'vitest';
import { figure, markdownTable, textTable } from './text-table.ts';

const rows = [
  ['name', 'req/s'],
  ['a', '1'],
  ['longer', '12,345'],
];

it('aligns names to the left and figures to the right', () => {
  expect(textTable(rows)).toBe('name     req/s\na            1\nlonger  12,345');
});

it('writes Markdown', () => {
  expect(markdownTable(rows)).toBe(
    '| name | req/s |\n| --- | --: |\n| a | 1 |\n| longer | 12,345 |',
  );
});

it.each([
  [12_345.6, '12,346'],
  [123.4, '123'],
  [12.34, '12.3'],
  [1.234, '1.23'],
  [0.1234, '0.123'],
  [0.01234, '0.012'],
  [0, '0'],
  [Number.NaN, '–'],
])('writes %f as %s', (value, written) => {
  expect(figure(value)).toBe(written);
});

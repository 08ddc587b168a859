import { expect, it } from 'vitest';
import { listValue } from './list-value.ts';

it.each([
  [['A=1', 'B=2'], 'A=1,B=2'],
  [['A=1,2', 'B=2'], '^|^A=1,2|B=2'],
  [['A=1,2|3', 'B=2'], '^;^A=1,2|3;B=2'],
  [['^A^=1', 'B=2'], '^,^^A^=1,B=2'],
])('writes %j as %s', (entries, expected) => {
  expect(listValue(entries)).toBe(expected);
});

it('says so when no delimiter is left', () => {
  expect(() => listValue([',|;#~@@::::'])).toThrow('no delimiter is left');
});

import { expect, it } from 'vitest';
import { extract } from './extract.ts';

const name = 'projects/demo/locations/europe-west1/services/receiver';

it.each([
  ['/locations/{region}/', 'europe-west1'],
  ['services/{service}', 'receiver'],
  ['{start}/services', 'projects/demo/locations/europe-west1'],
  ['{all}', name],
  ['/services/{none}/revisions', ''],
  ['/topics/{none}', ''],
  ['locations/{nothing between}europe', ''],
])('%s gives "%s"', (template, expected) => {
  expect(extract(name, template)).toBe(expected);
});

it.each(['services/', '{a}/{b}', '', '{a', 'a}'])('"%s" is no template', (template) => {
  expect(() => extract(name, template)).toThrow(RangeError);
});

import { expect, it } from 'vitest';
import { parseLoadOptions } from './options.ts';

const parse = (...args: string[]) => parseLoadOptions(args, 'kept');

it('a full run is as long as promised, and kept', () => {
  const { phases, durations, out, quick } = parse();
  expect(phases).toEqual(['steady', 'hostile', 'soak']);
  expect(durations).toMatchObject({ steady: 60_000, soak: 600_000 });
  expect({ out, quick }).toEqual({ out: 'kept', quick: false });
});

it('a run of seconds, or of a part, does not replace what is kept', () => {
  expect(parse('--quick').out).toBeUndefined();
  expect(parse('--only', 'soak').out).toBeUndefined();
  expect(parse('--quick', '--out', 'here').out).toBe('here');
});

it('parts run in their order', () => {
  expect(parse('--only', 'soak,steady').phases).toEqual(['steady', 'soak']);
});

it.each([['--only', 'soak,spike'], ['--fast'], ['extra']])('refuses %s %s', (...args) => {
  expect(() => parse(...args)).toThrow(TypeError);
});

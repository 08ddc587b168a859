import { describe, expect, it } from 'vitest';
import { type BenchOptions, needsOurs, parseOptions, UsageError } from './options.ts';

describe('parseOptions', () => {
  it('measures everything unless told otherwise, and keeps the results of that', () => {
    expect(parseOptions([])).toMatchObject({
      only: expect.arrayContaining(['throughput', 'cold-start', 'refreshes']),
      contestants: ['ours', 'sample-style', 'naive', 'bare-pair', 'bare-http'],
      rounds: 3,
      seconds: 2,
      output: 'benchmarks/results',
    });
  });

  it('measures a part, in the usual order, and does not replace the results of a whole run', () => {
    const args = ['--only', 'tls,throughput', '--contestants', 'bare-pair,ours', '--seconds=0.5'];
    expect(parseOptions(args)).toEqual({
      only: ['throughput', 'tls'],
      contestants: ['ours', 'bare-pair'],
      rounds: 3,
      seconds: 0.5,
      output: undefined,
    });
    expect(parseOptions([...args, '--output', 'here'])).toMatchObject({ output: 'here' });
  });

  it('explains itself', () => expect(parseOptions(['--help'])).toBe('help'));

  it.each([
    ['--only nothing', /--only: nothing is none of throughput/],
    ['--contestants theirs', /--contestants: theirs is none of ours/],
    ['--rounds 0', /--rounds: not a whole number above 0: 0/],
    ['--rounds 1.5', /--rounds: not a whole number above 0: 1.5/],
    ['--seconds never', /--seconds: not a number above 0: never/],
    ['--unknown', /--unknown/],
  ])('refuses %s', (line, message) => {
    const parse = () => parseOptions(line.split(' '));
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});

describe('needsOurs', () => {
  it.each([
    ['--contestants ours', true],
    ['--contestants bare-pair', true],
    ['--contestants bare-pair --only throughput', false],
    ['--contestants bare-pair --only throughput,tokens', true],
    ['--only throughput', true],
  ])('%s: %s', (line, needed) => {
    expect(needsOurs(parseOptions(line.split(' ')) as BenchOptions)).toBe(needed);
  });
});

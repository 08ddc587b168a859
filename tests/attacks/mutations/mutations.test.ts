import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../support/program.ts';
import { allMutants } from './all-mutants.ts';
import { mutate } from './mutant.ts';
import type { Verdict } from './run-mutant.ts';

const root = join(import.meta.dirname, '../../..');
const shares = 2;
const longestRunMs = 180_000;

let verdicts: Verdict[];

/** The mutants run in processes of their own: Vitest does not run inside a test of Vitest. */
beforeAll(async () => {
  const main = join(import.meta.dirname, 'main.ts');
  const programs = Array.from({ length: shares }, (_, share) =>
    run(main, [String(share), String(shares)], root),
  );
  const codes = await Promise.all(programs.map(({ ended }) => ended));
  const output = programs.map((program) => program.output()).join('');
  expect(codes, output).toEqual(programs.map(() => 0));
  verdicts = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Verdict);
}, longestRunMs);

const verdictOn = (file: string, breaks: string | undefined): Verdict => {
  const [verdict, another] = verdicts.filter(
    (candidate) => candidate.file === file && candidate.breaks === breaks,
  );
  if (!verdict || another) throw new Error(`not one verdict on ${file}: ${breaks}`);
  return verdict;
};

describe.each(allMutants)('$file', ({ file, mutants }) => {
  it('passes its tests as it is', () => {
    expect(verdictOn(file, undefined)).toMatchObject({ failed: [], errors: [] });
  });

  it.each(mutants)('%s is noticed', (breaks) => {
    const { failed, passed, errors } = verdictOn(file, breaks);
    expect(errors).toEqual([]);
    expect(failed, 'no test notices it').not.toEqual([]);
    // One that fails every test is broken, not weakened.
    expect(passed).toBeGreaterThan(0);
  });
});

it('lists which test noticed what', () => {
  const lines = verdicts
    .filter(({ breaks }) => breaks !== undefined)
    .map(({ file, breaks, failed: [first = 'nothing', ...more] }) => {
      const others = more.length > 0 ? ` and ${more.length} more` : '';
      return `${file}: ${breaks} → ${first}${others}`;
    });
  // biome-ignore lint/suspicious/noConsole: the list is for whoever runs the suite
  console.info(`${lines.sort().join('\n')}\n${lines.length} mutants`);
  expect(lines.length).toBe(allMutants.flatMap(({ mutants }) => mutants).length);
});

describe('a mutant', () => {
  it('replaces a text that stands there once', () => {
    expect(mutate('a === b', 'x.ts', ['equality', '===', '!=='])).toBe('a !== b');
  });

  it.each(['a = b', 'a === b === c'])('is refused by %j', (source) => {
    expect(() => mutate(source, 'x.ts', ['equality', '===', '!=='])).toThrow('"equality": x.ts');
  });
});

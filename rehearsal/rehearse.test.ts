import { describe, expect, it } from 'vitest';
import { rehearse } from './rehearse.ts';
import { type Stage, StageError } from './stage.ts';

const fine = (title: string): Stage<object> => ({
  ...{ title, lesson: `Why\n      ${title}.`, play: async () => `${title} is done.` },
});
const failing = (error: Error): Stage<object> => ({
  ...{ title: 'two', lesson: 'Why two.', play: () => Promise.reject(error) },
});

async function played(...stages: Stage<object>[]) {
  const lines: string[] = [];
  let time = 0;
  const terminal = {
    print: (line: string) => void lines.push(line),
    paint: (_style: unknown, text: string) => text,
  };
  const now = () => {
    time += 500;
    return time;
  };
  const succeeded = await rehearse(stages, { terminal }, now);
  return { succeeded, output: lines.join('\n') };
}

const summaryOf = (output: string) =>
  output
    .slice(output.indexOf('━━ Summary'))
    .split('\n')
    .slice(1)
    .map((line) => line.replaceAll(/ {2,}/g, '  '));

describe('a rehearsal', () => {
  it('says of each stage what it is for and what to notice, and how long it took', async () => {
    const { succeeded, output } = await played(fine('one'), fine('two'));
    expect(succeeded).toBe(true);
    expect(output).toMatch(/^\n━━ 1\/2 one ━+\nWhy one\.\n\n\n✓ one is done\.\n\n━━ 2\/2 two ━+\n/);
    expect(summaryOf(output)).toEqual(['1 one  ✓  0.5 s', '2 two  ✓  0.5 s', 'Total  ✓  2.5 s']);
  });

  it('ends with the first stage that fails', async () => {
    const failure = new StageError('It is broken.');
    const { succeeded, output } = await played(fine('one'), failing(failure), fine('three'));
    expect(succeeded).toBe(false);
    expect(output).toContain('\n✗ It is broken.\n');
    expect(output).not.toContain('Why three');
    expect(summaryOf(output)).toEqual([
      '1 one  ✓  0.5 s',
      '2 two  ✗ failed  0.5 s',
      '3 three  not begun',
      'Total  ✗ failed  2.5 s',
    ]);
  });

  it('does not hide a fault of its own', async () => {
    await expect(played(failing(new TypeError('a bug')))).rejects.toThrow('a bug');
  });

  it('wraps its texts', async () => {
    const text = 'word '.repeat(60).trim();
    const { output } = await played({ ...fine('one'), lesson: text, play: async () => text });
    const lines = output.split('\n').filter((line) => line.includes('word'));
    expect(lines.map(({ length }) => length)).toEqual([99, 99, 99, 96, 99, 99, 4]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../tests/support/cloud.ts';
import { makeMistake } from './make-mistake.ts';
import type { Mistake } from './mistakes.ts';
import type { CommandOptions } from './shell.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ startServices: false });
});
afterAll(() => cloud.stop());

const mistake: Mistake = {
  title: 'A mistake',
  lesson: 'Why.',
  args: ['break', 'it'],
  trial: { question: 'What now?', command: 'try it', answer: 'broken' },
  finding: 'service receiver: it is broken',
  notice: 'That was it.',
};
const found = '✗ error   service receiver: it is broken\n    Why.\n    $ gcloud mend it\n\n';

/** Makes the mistake with a shell that prints what is given for a command. */
async function made(output: Record<string, string> = {}) {
  const commands: [string, CommandOptions['exitCode']][] = [];
  const shell = async (command: string, { exitCode = 0 }: CommandOptions = {}) => {
    commands.push([command, exitCode]);
    return { 'try it': 'it is broken', doctor: found, ...output }[command] ?? '';
  };
  const terminal = { print: () => undefined, paint: (_style: unknown, text: string) => text };
  const notice = await makeMistake(mistake, 'doctor', { cloud, shell, terminal });
  return { notice, commands };
}

describe('a mistake', () => {
  it('is made, tried, found, mended as doctor says, and not found any more', async () => {
    expect(await made()).toEqual({
      notice: 'That was it.',
      commands: [
        ['gcloud break it', 0],
        ['try it', 0],
        ['doctor', 1],
        ['gcloud mend it', 0],
        ['doctor', 0],
      ],
    });
  });

  it.each([
    ['it does no harm', { 'try it': 'all is well' }, 'The answer should hold broken'],
    ['doctor finds nothing', { doctor: '' }, 'doctor should find just this'],
    [
      'doctor finds something else',
      { doctor: found.replace('broken', 'fine') },
      'doctor should find just this:\n  service receiver: it is broken',
    ],
    [
      'doctor finds more',
      { doctor: `${found}! warning service caller: old\n    Why.\n\n` },
      'doctor should find just this',
    ],
  ])('is a failure of the rehearsal if %s', async (_what, output, message) => {
    await expect(made(output)).rejects.toThrow(message);
  });
});

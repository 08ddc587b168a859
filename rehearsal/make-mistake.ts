import { gcloudCommand } from '../deploy/gcloud.ts';
import { showDecisions } from './decisions.ts';
import type { Mistake } from './mistakes.ts';
import { readFindings } from './read-findings.ts';
import { type Scene, StageError } from './stage.ts';

/**
 * Makes a mistake, looks what becomes of it, has it found by the command `doctor`, and mends it with what
 * that says. @returns what to notice @throws {StageError}
 */
export async function makeMistake(
  { args, trial, finding, notice }: Mistake,
  doctor: string,
  scene: Pick<Scene, 'cloud' | 'shell' | 'terminal'>,
): Promise<string> {
  const { shell, terminal } = scene;
  const say = (text: string) => terminal.print(`\n  ${terminal.paint('bold', text)}`);
  await shell(gcloudCommand(args));

  say(trial.question);
  let answer = '';
  await showDecisions(scene, async () => {
    answer = await shell(trial.command);
  });
  if (!answer.includes(trial.answer)) {
    throw new StageError(`The answer should hold ${trial.answer}`);
  }

  say('What does doctor say?');
  const [found, ...more] = readFindings(await shell(doctor, { exitCode: 1 }));
  if (found?.text !== finding || more.length > 0) {
    throw new StageError(`doctor should find just this:\n  ${finding}`);
  }

  say('Do as it says:');
  for (const command of found.mend) await shell(command);

  say('And now?');
  await shell(doctor, { shows: (line) => line.startsWith('✓') });
  return notice;
}

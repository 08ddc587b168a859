import { type Scene, type Stage, StageError } from './stage.ts';

/** Columns of texts, headings and the summary. */
const width = 100;

/** Plays the stages up to the first that fails, and says how it went. @returns whether all succeeded */
export async function rehearse<Stuff extends Pick<Scene, 'terminal'>>(
  stages: readonly Stage<Stuff>[],
  scene: Stuff,
  now: () => number,
): Promise<boolean> {
  const { print, paint } = scene.terminal;
  const heading = (text: string) => print(`\n${paint('bold', `━━ ${text} `.padEnd(width, '━'))}`);
  const rows: string[] = [];
  const began = now();
  let isFailed = false;
  for (const [index, { title, lesson, play }] of stages.entries()) {
    const name = `${index + 1} ${title}`;
    if (isFailed) {
      rows.push(paint('dim', row(name, 'not begun')));
      continue;
    }
    heading(`${index + 1}/${stages.length} ${title}`);
    print(`${wrapped(lesson)}\n`);
    const started = now();
    try {
      print(`\n${wrapped(`✓ ${await play(scene)}`).replace('✓', paint('green', '✓'))}`);
      rows.push(row(name, '✓', now() - started));
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      isFailed = true;
      print(`\n${paint('red', `✗ ${error.message}`)}`);
      rows.push(paint('red', row(name, '✗ failed', now() - started)));
    }
  }
  heading('Summary');
  for (const line of rows) print(line);
  print(paint('bold', row('Total', isFailed ? '✗ failed' : '✓', now() - began)));
  return !isFailed;
}

function row(name: string, result: string, milliseconds?: number): string {
  const duration = milliseconds === undefined ? '' : `${(milliseconds / 1_000).toFixed(1)} s`;
  return `${name.padEnd(60)}${result.padEnd(10)}${duration.padStart(8)}`.trimEnd();
}

/** The texts are indented as the code around them is. */
function wrapped(text: string): string {
  const lines = text.replaceAll(/\s+/g, ' ').matchAll(new RegExp(`(.{1,${width}})(?: |$)`, 'g'));
  return [...lines].map(([, line]) => line).join('\n');
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const projectFolder = join(import.meta.dirname, '../..');

/** Runs a program of this project to its end, as an npm script does. */
export async function runProgram(
  program: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: projectFolder,
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../deploy/terminal.ts';
import { StageError } from './stage.ts';

/** How long a command that was told to stop may take, in milliseconds. */
const grace = 5_000;

export interface CommandOptions {
  /** How the command has to end; default 0. */
  exitCode?: number;
  /** Which lines of its output are shown; default all. If it fails, all are. */
  shows?: (line: string) => boolean;
}

/**
 * Shows a command, runs it, and shows what it prints, line by line.
 *
 * @returns everything that it printed, without colours
 * @throws {StageError} if it ends otherwise than it should, or is interrupted
 */
export type Shell = (command: string, options?: CommandOptions) => Promise<string>;

/** A shell with an environment of its own. An aborted `signal` ends the command that runs. */
export function shellWith(
  environment: Readonly<Record<string, string | undefined>>,
  { folder, terminal, signal }: { folder: string; terminal: Terminal; signal: AbortSignal },
): Shell {
  const { print, paint } = terminal;
  const hasColours = paint('bold', ' ') !== ' ';
  const show = (line: string) => {
    const shown = hasColours ? line : stripVTControlCharacters(line);
    print(`  ${paint('dim', '│')} ${shown}`.trimEnd());
  };
  return async (command, { exitCode = 0, shows = () => true } = {}) => {
    if (signal.aborted) throw new StageError('Interrupted.');
    print(paint('cyan', `  $ ${command.replaceAll('\n', '\n  ')}`));
    const child = spawn('sh', ['-c', command], {
      cwd: folder,
      env: { ...environment, ...(hasColours && { FORCE_COLOR: '1' }) },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what it has started ends with it, and Ctrl-C reaches it only through here.
      detached: true,
    });
    const kill = (name: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // It has ended meanwhile.
      }
    };
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      kill('SIGTERM');
      timer = setTimeout(() => kill('SIGKILL'), grace);
    };
    signal.addEventListener('abort', stop);
    const lines: string[] = [];
    const hidden: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        const plain = stripVTControlCharacters(line);
        lines.push(plain);
        if (shows(plain)) show(line);
        else hidden.push(line);
      });
    }
    const ended = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killedBy) => resolve(code ?? killedBy));
    }).finally(() => {
      signal.removeEventListener('abort', stop);
      clearTimeout(timer);
    });
    if (signal.aborted) throw new StageError('Interrupted.');
    if (ended === exitCode) return lines.join('\n');
    hidden.forEach(show);
    throw new StageError(`This command ended with ${ended}, not with ${exitCode}:\n  ${command}`);
  };
}

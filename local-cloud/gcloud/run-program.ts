import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Environment } from '../misleading-variables.ts';

/** There is no such program on the PATH. */
export class ProgramNotFoundError extends Error {
  override readonly name = 'ProgramNotFoundError';
}

/**
 * Runs a program in the place of this one: with its terminal, its streams and its signals.
 *
 * @returns the exit code, as a shell counts it
 * @throws {ProgramNotFoundError}
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { environment, folder }: { environment: Environment; folder: string },
): Promise<number> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const passOn = (signal: NodeJS.Signals) => {
    // Ctrl-C reaches all programs of a terminal by itself; gcloud takes a second one for an emergency.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  // Before there is anything to pass them on to: one that comes in between must not end only this process.
  for (const signal of signals) process.on(signal, passOn);
  const child = spawn(program, args, { stdio: 'inherit', env: environment, cwd: folder });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new ProgramNotFoundError(program) : error),
      );
      child.once('close', (code, signal) =>
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
      );
    });
  } finally {
    for (const signal of signals) process.off(signal, passOn);
  }
}

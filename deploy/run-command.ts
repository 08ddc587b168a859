import { setTimeout as wait } from 'node:timers/promises';
import { requireNoLostDryRun, UsageError } from './command-line.ts';
import { TargetError } from './find-target.ts';
import { GcloudError, GcloudMissingError, gcloudOnPath } from './gcloud.ts';
import type { Surroundings } from './run-steps.ts';
import { terminalOn } from './terminal.ts';
import { TopologyError } from './topology.ts';

/** Errors that a person can do something about: a stack would only hide the sentence. */
const expected = [UsageError, TopologyError, TargetError, GcloudError, GcloudMissingError];

/**
 * Runs a command around the real gcloud and this terminal, and sets the exit code.
 * `run` returns whether it succeeded.
 */
export async function runCommand(
  run: (surroundings: Surroundings) => Promise<boolean>,
): Promise<void> {
  // Whoever read the output may be gone (npm run deploy | head): that is no reason to stop half way.
  process.stdout.on('error', () => undefined);
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => interruption.abort());
  }
  try {
    requireNoLostDryRun(process.argv.slice(2), process.env);
    const succeeded = await run({
      gcloud: gcloudOnPath(process.env),
      terminal: terminalOn(process.stdout),
      now: () => performance.now(),
      wait: (milliseconds) =>
        // Whoever waits goes on at once, and finds the signal aborted.
        wait(milliseconds, undefined, { signal: interruption.signal }).catch(() => undefined),
      signal: interruption.signal,
    });
    process.exitCode = succeeded ? 0 : 1;
  } catch (error) {
    if (!expected.some((type) => error instanceof type)) throw error;
    process.stderr.write(`${(error as Error).message.trimEnd()}\n`);
    process.exitCode = 1;
  }
}

/** For commands that leave nothing half done: they end at once. */
export function endOnInterruption(signal: AbortSignal): void {
  // As a shell reports SIGINT.
  signal.addEventListener('abort', () => process.exit(130));
}

import { z } from 'zod';
import { TargetError } from './find-target.ts';
import { type Gcloud, GcloudError, isNotFound, readJson } from './gcloud.ts';
import type { Step } from './plan/step.ts';
import { announced, commandBlock } from './report.ts';
import type { Terminal } from './terminal.ts';

/** What a run needs of the world around it. */
export interface Surroundings {
  gcloud: Gcloud;
  terminal: Terminal;
  /** Milliseconds, for durations. */
  now: () => number;
  wait: (milliseconds: number) => Promise<unknown>;
  /** Ends the command that runs, and begins no other. */
  signal: AbortSignal;
}

/** What a run did, and what it left. */
export interface RunReport {
  changed: readonly Step[];
  unchanged: readonly Step[];
  /** Absent if every step succeeded. */
  failure?: { step: Step; args: readonly string[]; error: unknown };
  /** Those that come after the one that failed. */
  untouched: readonly Step[];
}

/**
 * How long to try again after something was made that the rest of Google has not heard of: a new
 * account, or an API that was switched on just now. Google speaks of up to a few minutes.
 * https://cloud.google.com/iam/docs/access-change-propagation
 */
const patience = { attempts: 12, waitMs: 10_000 };

/** Runs the steps in order and stops at the first that fails. What is there already stays as it is. */
export async function runSteps(
  steps: readonly Step[],
  { gcloud, terminal, now, wait, signal }: Surroundings,
): Promise<RunReport> {
  const { print, paint } = terminal;
  const reading = announced(gcloud, terminal);
  const changed: Step[] = [];
  const unchanged: Step[] = [];

  const patiently = async <T>(action: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await action();
      } catch (error) {
        const worthIt = changed.length > 0 && isPropagating(error) && !signal.aborted;
        if (!worthIt || attempt > patience.attempts) throw error;
        const seconds = patience.waitMs / 1_000;
        print(
          paint(
            'yellow',
            `  What was made just now is not known everywhere yet: once more in ${seconds} s (${attempt} of ${patience.attempts})`,
          ),
        );
        await wait(patience.waitMs);
      }
    }
  };
  const isDone = async ({ check }: Step): Promise<boolean> => {
    try {
      const answer = await readJson(reading, check.args, z.unknown(), { signal });
      const refusal = check.refusal?.(answer);
      if (refusal !== undefined) throw new TargetError(refusal);
      return check.isDone(answer);
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  };

  for (const [index, step] of steps.entries()) {
    const started = now();
    const took = () => paint('dim', `(${((now() - started) / 1_000).toFixed(1)} s)`);
    print(`\n${paint('bold', `${index + 1}/${steps.length} ${step.title}`)}`);
    print(paint('dim', `  ${step.why}`));
    let args = [...step.check.args, '--format=json'];
    try {
      if (signal.aborted) throw new GcloudError(args, 'Interrupted.');
      if (await patiently(() => isDone(step))) {
        unchanged.push(step);
        print(`  ${paint('green', 'unchanged')} ${took()}`);
        continue;
      }
      args = [...step.args];
      print(paint('cyan', commandBlock(args)));
      const onLine = (line: string) => {
        if (line.trim() !== '') print(paint('dim', `  | ${line}`));
      };
      await patiently(() => gcloud(args, { onLine, signal }));
      changed.push(step);
      print(`  ${paint('green', 'done')} ${took()}`);
    } catch (error) {
      print(`  ${paint('red', 'failed')} ${took()}`);
      return {
        changed,
        unchanged,
        failure: { step, args, error },
        untouched: steps.slice(index + 1),
      };
    }
  }
  return { changed, unchanged, untouched: [] };
}

function isPropagating(error: unknown): boolean {
  return (
    error instanceof GcloudError &&
    /has not been used in project|SERVICE_DISABLED|[Ss]ervice account \S+ (?:does not exist|was not found)|concurrent policy changes/.test(
      error.message,
    )
  );
}

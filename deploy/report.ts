import { explainFailure, type FailureContext } from './explain-failure.ts';
import { TargetError } from './find-target.ts';
import { type Gcloud, GcloudError, gcloudCommand } from './gcloud.ts';
import { indented } from './shell-quote.ts';
import type { Terminal } from './terminal.ts';

/** Prints what failed, what it means, and how to go on. */
export function reportFailure(
  error: unknown,
  context: FailureContext,
  { print, paint }: Terminal,
): void {
  if (error instanceof TargetError) {
    print(`\n${paint(['red', 'bold'], 'Stopped:')} ${error.message}`);
    return;
  }
  const { meaning, remedy } = explainFailure(error, context);
  const said = error instanceof Error ? error.message : String(error);
  print(`\n${paint(['red', 'bold'], 'This command failed:')}`);
  print(commandBlock(context.args));
  print(paint('bold', 'gcloud said:'));
  print(`  ${said.replaceAll('\n', '\n  ')}`);
  print(`${paint('bold', 'It means:')} ${meaning}`);
  print(`${paint('bold', 'To mend it:')} ${remedy}`);
}

/**
 * For what comes before the first change: explains a failure of gcloud, and returns undefined then.
 * Other errors are thrown on.
 */
export async function unchangedIfFailed<T>(
  action: () => Promise<T>,
  context: Omit<FailureContext, 'args'>,
  terminal: Terminal,
): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof GcloudError)) throw error;
    reportFailure(error, { ...context, args: error.args }, terminal);
    terminal.print('\nNothing was changed.');
    return undefined;
  }
}

/** Prints a list under a heading, or nothing. */
export function reportList(
  heading: string,
  lines: readonly string[],
  { print, paint }: Terminal,
): void {
  if (lines.length === 0) return;
  print(`\n${paint('bold', heading)}`);
  for (const line of lines) print(`  ${line}`);
}

/** A command under a heading, to be copied as it is. */
export function commandBlock(args: readonly string[]): string {
  return `  $ ${indented(gcloudCommand(args), '  ')}`;
}

/** Shows each command before it runs. For those that only read. */
export function announced(gcloud: Gcloud, { print, paint }: Terminal): Gcloud {
  return (args, options) => {
    print(paint('dim', commandBlock(args)));
    return gcloud(args, options);
  };
}

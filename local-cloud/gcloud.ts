import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './command-line.ts';
import { memberOf, splitArguments } from './gcloud/arguments.ts';
import { fetchAccessToken, NoTokenError } from './gcloud/fetch-access-token.ts';
import { ProgramNotFoundError, runProgram } from './gcloud/run-program.ts';
import { withoutGcloud } from './gcloud/without-gcloud.ts';
import { withoutMisleadingVariables } from './misleading-variables.ts';
import { notRunning, readRunningState, type State } from './state-file.ts';

/** As shells say it of a program that they do not find. */
const notFound = 127;

/** Runs the machine's gcloud against the local cloud; the exit code. */
async function gcloud(args: readonly string[], state: State): Promise<number> {
  const { as, gcloud } = splitArguments(args);
  const principal = as === undefined ? undefined : memberOf(as, state.services);
  const environment = {
    ...withoutMisleadingVariables(process.env),
    ...state.developerEnvironment,
  };
  // npm runs scripts in the project's folder; file names are meant from where the user is.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const tokenFile = join(state.developerEnvironment.CLOUDSDK_CONFIG ?? '', `token-${randomUUID()}`);
  try {
    if (principal !== undefined) {
      writeFileSync(tokenFile, await fetchAccessToken(principal, state.control), { mode: 0o600 });
      Object.assign(environment, {
        CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: tokenFile,
        CLOUDSDK_CORE_ACCOUNT: principal.replace(/^\w+:/, ''),
      });
    }
    return await runProgram('gcloud', gcloud, { environment, folder });
  } catch (error) {
    if (!(error instanceof ProgramNotFoundError)) throw error;
    process.stderr.write(withoutGcloud(gcloud, principal, state));
    return notFound;
  } finally {
    rmSync(tokenFile, { force: true });
  }
}

const state = await readRunningState();
if (!state) {
  process.stderr.write(notRunning);
  process.exitCode = 1;
} else {
  try {
    process.exitCode = await gcloud(process.argv.slice(2), state);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof NoTokenError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

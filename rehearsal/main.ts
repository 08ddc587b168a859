import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findChain } from '../deploy/smoke/chain.ts';
import { terminalOn } from '../deploy/terminal.ts';
import { loadTopology, resolveTopology } from '../deploy/topology.ts';
import { withoutMisleadingVariables } from '../local-cloud/misleading-variables.ts';
import { startLocalCloud } from '../local-cloud/start-local-cloud.ts';
import { logLine } from '../local-cloud/terminal/log-line.ts';
import { takeInventory } from './inventory.ts';
import { rehearse } from './rehearse.ts';
import { shellWith } from './shell.ts';
import { stages } from './stages.ts';

const introduction = `A rehearsal: the life of a deployment, by the real gcloud, in a local cloud that is empty. It takes
one or two minutes. Nothing leaves this machine, and your own gcloud settings are neither read nor
changed. Against Google, you type the same commands.`;

const usage = `npm run rehearse

${introduction}

It takes no options. It ends with 0 if everything is as it should be, otherwise with 1.
`;

const withoutGcloud = `This needs gcloud (https://cloud.google.com/sdk/docs/install tells how to get it) and curl. Without them,
npx vitest run tests/end-to-end/rehearse.test.ts makes the same calls over REST.
`;

/** Lines of the local cloud's log that are shown after a failure. */
const logLength = 30;
/** Width of the column with the services' names. */
const serviceColumn = 8;

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Plays everything, and leaves nothing running. @returns whether all of it succeeded */
async function play(signal: AbortSignal): Promise<boolean> {
  const terminal = terminalOn(process.stdout);
  const { print, paint } = terminal;
  const log: string[] = [];
  print(introduction);
  const cloud = await startLocalCloud({
    empty: true,
    onNotice: (sentence) => log.push(`! ${sentence}`),
    onServiceLine: (service, line) => log.push(logLine(service, line, serviceColumn)),
  });
  try {
    const topology = resolveTopology(loadTopology(), cloud.topology);
    const chain = findChain(topology);
    const environment = {
      ...withoutMisleadingVariables(process.env),
      ...cloud.developerEnvironment,
      // What npm says of itself is no part of the lesson.
      npm_config_loglevel: 'silent',
    };
    const folder = join(import.meta.dirname, '..');
    const shell = shellWith(environment, { folder, terminal, signal });
    const before = await takeInventory(cloud.controlUrl);
    const scene = { cloud, topology, chain, before, shell, terminal };
    const succeeded = await rehearse(stages(scene), scene, () => performance.now());
    if (!succeeded && !signal.aborted) {
      print('\nThe last lines of the local cloud and its services:');
      for (const line of log.slice(-logLength)) print(paint('dim', `  ${line}`));
    }
    return succeeded;
  } finally {
    await cloud.stop();
    print('\nThe local cloud has stopped, and nothing is left of it.');
  }
}

// Whoever read the output may be gone (npm run rehearse | head): that must not keep anything from stopping.
process.stdout.on('error', () => undefined);
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interruption.abort());
}
const args = process.argv.slice(2);
if (args.length > 0) {
  const isHelp = args.every((arg) => arg === '--help' || arg === '-h');
  (isHelp ? process.stdout : process.stderr).write(usage);
  process.exitCode = isHelp ? 0 : 1;
} else if (['gcloud', 'curl'].every(isOnPath)) {
  const succeeded = await play(interruption.signal);
  // As a shell reports SIGINT.
  process.exitCode = interruption.signal.aborted ? 130 : succeeded ? 0 : 1;
} else {
  process.stderr.write(withoutGcloud);
  // As shells say it of a program that they do not find.
  process.exitCode = 127;
}

import {
  type Arguments,
  explainStartFailure,
  parseCommandLine,
  UsageError,
  usage,
} from './command-line.ts';
import { entryService } from './entry-service.ts';
import { shellExports } from './environments.ts';
import { refuseIfLocked } from './folder-lock.ts';
import { releaseMemory } from './release-memory.ts';
import { type LocalCloud, startLocalCloud } from './start-local-cloud.ts';
import { stateFolder, stateOf } from './state-file.ts';
import { arrowLine, isWorthShowing } from './terminal/arrow-line.ts';
import { DeferredOutput } from './terminal/deferred-output.ts';
import { foldRepeats } from './terminal/fold-repeats.ts';
import { logLine } from './terminal/log-line.ts';
import { paintFor } from './terminal/paint.ts';
import { printable } from './terminal/printable.ts';
import { readyBox } from './terminal/ready-box.ts';

/** Width of the column with the services' names. */
const serviceColumn = 8;

const paint = paintFor(process.stdout);
const output = new DeferredOutput((text) => void process.stdout.write(text));
const print = (text: string) => output.print(() => text);
process.on('exit', () => output.flush());
// Whoever read the output may be gone (npm start | head): that must not keep anything from stopping.
process.stdout.on('error', () => undefined);

function fail(sentence: string): never {
  process.stderr.write(`${sentence.trimEnd()}\n`);
  process.exit(1);
}

function readArguments(): Arguments {
  try {
    return parseCommandLine(process.argv.slice(2));
  } catch (error) {
    return fail(error instanceof UsageError ? error.message : String(error));
  }
}

/** Stops on the first signal; further ones must not cut that short and leave something behind. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const stopOnce = () => {
    if (stopping) return;
    stopping = true;
    print('Stopping.');
    void stop().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stopOnce);
  stopWithNpm(stopOnce);
}

/** npm passes SIGINT and SIGTERM on; if it is killed otherwise, nobody would stop this process. */
function stopWithNpm(stop: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) stop();
  }, 1_000).unref();
}

async function start({ ports, empty }: Arguments): Promise<LocalCloud> {
  // It has the ports as well: whoever starts twice shall not be told to choose others.
  await refuseIfLocked(stateFolder);
  const { proxy, control, ...servicePorts } = ports;
  return await startLocalCloud({
    empty,
    proxyPort: proxy,
    controlPort: control,
    servicePorts,
    folder: stateFolder,
    onServiceLine: (service, line) => print(logLine(service, line, serviceColumn, paint)),
    onNotice: foldRepeats(
      (sentence) => print(paint('yellow', `! ${printable(sentence, 1_000)}`)),
      () => performance.now(),
    ),
  });
}

const given = readArguments();
if (given.help) {
  print(usage);
  process.exit(0);
}
// A signal during the start waits for it, so that there is something whole to stop.
let started: Promise<LocalCloud> | undefined;
stopOnSignal(async () => await (await started)?.stop());
started = start(given);
const cloud = await started.catch((error: unknown) =>
  fail(explainStartFailure(error, given.ports)),
);
cloud.folder.write('env', shellExports(cloud.developerEnvironment));
cloud.folder.write('state.json', `${JSON.stringify(stateOf(cloud), null, 2)}\n`);
cloud.decisions.onDecision((event) => {
  if (isWorthShowing(event)) output.print(() => arrowLine(event, paint));
});
const { topology, localUrls } = cloud;
print(
  readyBox(
    topology,
    { localUrls, tryUrl: localUrls[entryService(topology)] ?? '', controlUrl: cloud.controlUrl },
    paint,
  ),
);
releaseMemory();
const mebibytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
print(paint('dim', `Ready after ${process.uptime().toFixed(1)} s, with ${mebibytes} MiB.`));

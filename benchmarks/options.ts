import { parseArgs } from 'node:util';
import { type ContestantName, contestantNames } from './harness/contestants.ts';

/** What can be measured, in the order of a whole run. */
export const measurementNames = [
  'throughput',
  'concurrency',
  'latency',
  'identity',
  'tls',
  'memory',
  'cold-start',
  'growth',
  'tokens',
  'refreshes',
] as const;
export type MeasurementName = (typeof measurementNames)[number];

export interface BenchOptions {
  only: readonly MeasurementName[];
  contestants: readonly ContestantName[];
  rounds: number;
  /** How long each contestant is loaded in each round. */
  seconds: number;
  /** Folder of the results; undefined for none. */
  output: string | undefined;
}

const wholeRunOutput = 'benchmarks/results';

export const usage = `npm run bench -- [options]

  --only NAMES         ${measurementNames.join(',')}
  --contestants NAMES  ${contestantNames.join(',')}
  --rounds NUMBER      rounds of each measurement (3)
  --seconds NUMBER     how long each contestant is loaded in each round (2)
  --output FOLDER      where the results go (${wholeRunOutput} for a whole run, nowhere for a part)
`;

/** A command line that makes no sense; the message says why. */
export class UsageError extends Error {}

/** @throws {UsageError} */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const part = values.only !== undefined || values.contestants !== undefined;
  return {
    only: names('--only', values.only, measurementNames),
    contestants: names('--contestants', values.contestants, contestantNames),
    rounds: positiveWhole('--rounds', values.rounds),
    seconds: positive('--seconds', values.seconds),
    output: values.output ?? (part ? undefined : wholeRunOutput),
  };
}

/** Whether the services themselves are measured: by name, or by a measurement that is about nothing else. */
export function needsOurs({ only, contestants }: BenchOptions): boolean {
  const ownOnly: readonly MeasurementName[] = ['cold-start', 'growth', 'tokens', 'refreshes'];
  return contestants.includes('ours') || only.some((name) => ownOnly.includes(name));
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        contestants: { type: 'string' },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '2' },
        output: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Names with commas between them; all without any. The order is always the same. */
function names<Name extends string>(
  flag: string,
  text: string | undefined,
  known: readonly Name[],
): readonly Name[] {
  if (text === undefined) return known;
  const asked = text.split(',');
  const unknown = asked.find((name) => !(known as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`${flag}: ${unknown} is none of ${known.join(', ')}`);
  }
  return known.filter((name) => asked.includes(name));
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new UsageError(`${flag}: not a number above 0: ${text}`);
  }
  return value;
}

function positiveWhole(flag: string, text: string): number {
  const value = Number(text);
  if (!(Number.isSafeInteger(value) && value > 0)) {
    throw new UsageError(`${flag}: not a whole number above 0: ${text}`);
  }
  return value;
}

import { parseArgs } from 'node:util';

export const phaseNames = ['steady', 'hostile', 'soak'] as const;
export type PhaseName = (typeof phaseNames)[number];

/** Milliseconds. */
export interface Durations {
  warmUp: number;
  steady: number;
  /** Good traffic alone, in all. */
  alone: number;
  /** The same beside hostile traffic, in all. */
  hostile: number;
  soak: number;
}

export interface LoadOptions {
  help: boolean;
  quick: boolean;
  phases: readonly PhaseName[];
  durations: Durations;
  /** Where the results are kept; nowhere if `undefined`. */
  out: string | undefined;
}

const full: Durations = {
  warmUp: 10_000,
  steady: 60_000,
  alone: 30_000,
  hostile: 60_000,
  soak: 600_000,
};
const quick: Durations = {
  warmUp: 2_000,
  steady: 4_000,
  alone: 3_000,
  hostile: 5_000,
  soak: 20_000,
};

export const usage = `npm run bench:load -- [--quick] [--only steady,hostile,soak] [--out FOLDER]

Measures the bundles of both services, in a local cloud, against what they promise under load. About
15 minutes; nothing else should run on the machine. Ends with 1 if a promise is missed.

  --quick  seconds instead of minutes, to try the run itself: memory growth and the ratio of latencies are
           not judged, and nothing is kept unless --out says where
  --only   some of the three runs; nothing is kept either
  --out    where the figures are kept, as JSON and as Markdown; default benchmarks/results
`;

/** @throws {TypeError} for arguments that are not in {@link usage} */
export function parseLoadOptions(args: readonly string[], defaultOut: string): LoadOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const wanted = values.only?.split(',') ?? phaseNames;
  const phases = phaseNames.filter((name) => wanted.includes(name));
  const unknown = wanted.filter((name) => !phases.includes(name as PhaseName));
  if (unknown.length > 0) throw new TypeError(`--only does not know ${unknown.join(', ')}`);
  return {
    help: values.help,
    quick: values.quick,
    phases,
    durations: values.quick ? quick : full,
    out: values.out ?? (values.quick || values.only !== undefined ? undefined : defaultOut),
  };
}

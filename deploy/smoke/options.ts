import { type CommonArguments, commonArguments, parse, UsageError } from '../command-line.ts';

export const smokeUsage = `npm run smoke -- --project PROJECT --region REGION [options]

Tries what is deployed, as whom gcloud acts as: calls the caller, sends a message, fetches it from the
subscription, and proves that the receiver refuses whom it must. Changes nothing but that it publishes
one message and takes it away again.

  --project PROJECT   id of the Google Cloud project (required)
  --region REGION     for example europe-west1 (required)
  --topology FILE     what was deployed, instead of deploy/topology.json
  --patience SECONDS  how long to wait until Google has heard of new bindings (default: 120)
  --help              this text

Ends with 0 if everything is as it should be, otherwise with 1.
`;

export interface SmokeArguments extends Omit<CommonArguments, 'dryRun'> {
  patienceMs: number;
}

/** @returns undefined when help is asked for. @throws {UsageError} */
export function parseSmokeArguments(args: readonly string[]): SmokeArguments | undefined {
  const text = { type: 'string' } as const;
  const values = parse(
    args,
    {
      ...{ project: text, region: text, topology: text, patience: text },
      help: { type: 'boolean', short: 'h' },
    },
    smokeUsage,
  );
  if (values.help) return undefined;
  const { project, region, topology } = commonArguments(values, smokeUsage);
  const { patience = '120' } = values;
  if (!/^\d{1,4}$/.test(patience)) throw new UsageError('--patience must be seconds, like 120.');
  return { project, region, topology, patienceMs: Number(patience) * 1_000 };
}

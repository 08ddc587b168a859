import { type CommonArguments, checkedDeployer, commonArguments, parse } from '../command-line.ts';

export const doctorUsage = `npm run doctor -- --project PROJECT --region REGION [options]

Compares what is deployed with deploy/topology.json and says in plain words what is too much, what is
missing and what differs, each with the command that mends it. Changes nothing.

  --project PROJECT   id of the Google Cloud project (required)
  --region REGION     for example europe-west1 (required)
  --topology FILE     what to compare with, instead of deploy/topology.json
  --deployer MEMBER   whom the topology calls deployer (default: the account that gcloud acts as)
  --json              the findings as JSON
  --help              this text

Ends with 0 if there is nothing to report, otherwise with 1.
`;

export interface DoctorArguments extends Omit<CommonArguments, 'dryRun'> {
  /** IAM member; undefined: the account that gcloud acts as. */
  deployer: string | undefined;
  json: boolean;
}

/** @returns undefined when help is asked for. @throws {UsageError} */
export function parseDoctorArguments(args: readonly string[]): DoctorArguments | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const values = parse(
    args,
    {
      ...{ project: text, region: text, topology: text, deployer: text },
      ...{ json: flag, help: { ...flag, short: 'h' } },
    },
    doctorUsage,
  );
  if (values.help) return undefined;
  const { project, region, topology } = commonArguments(values, doctorUsage);
  return {
    ...{ project, region, topology },
    deployer: checkedDeployer(values.deployer),
    json: values.json === true,
  };
}

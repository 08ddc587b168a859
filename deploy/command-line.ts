import { parseArgs } from 'node:util';

/** A command line that cannot be understood; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** Options that `deploy` and `destroy` share. */
const common = {
  project: text,
  region: text,
  topology: text,
  'dry-run': flag,
  help: { ...flag, short: 'h' },
} as const;

const commonUsage = `  --project PROJECT   id of the Google Cloud project (required)
  --region REGION     for example europe-west1 (required)
  --topology FILE     another description than deploy/topology.json
  --dry-run           print the commands as a shell script and run nothing; needs no gcloud`;

export const deployUsage = `npm run deploy -- --project PROJECT --region REGION [options]

Makes what deploy/topology.json describes, with gcloud and your own login. Each command is shown
before it runs. What is there already stays as it is, so the same command can be run again: to update,
or to go on after a failure.

${commonUsage}
  --only A,B          only these parts: apis, registry, images, accounts, pubsub, services, bindings,
                      or the names of services, images, topics and subscriptions
  --image-tag TAG     tag of the images (default: made of their sources, so it changes when they do);
                      a tag that exists is not built again
  --deployer MEMBER   whom the topology calls deployer (default: the account that gcloud acts as)
  --public-caller     let everybody on the internet invoke the one service that no other service invokes,
                      but the deployer does
  --help              this text
`;

export const destroyUsage = `npm run destroy -- --project PROJECT --region REGION [options]

Deletes what npm run deploy has made of deploy/topology.json, after showing it and asking.

${commonUsage}
  --yes               do not ask
  --help              this text
`;

/** What both commands are told. */
export interface CommonArguments {
  project: string;
  region: string;
  /** Path of a file; undefined means `deploy/topology.json`. */
  topology: string | undefined;
  dryRun: boolean;
}

export interface DeployArguments extends CommonArguments {
  only: readonly string[];
  /** Undefined: made of the sources. */
  imageTag: string | undefined;
  /** IAM member; undefined: the account that gcloud acts as. */
  deployer: string | undefined;
  publicCaller: boolean;
}

export interface DestroyArguments extends CommonArguments {
  yes: boolean;
}

/** @returns undefined when help is asked for. @throws {UsageError} */
export function parseDeployArguments(args: readonly string[]): DeployArguments | undefined {
  const values = parse(
    args,
    { ...common, only: text, 'image-tag': text, deployer: text, 'public-caller': flag },
    deployUsage,
  );
  if (values.help) return undefined;
  return {
    ...commonArguments(values, deployUsage),
    only: namesOf(values.only),
    imageTag: checked(values['image-tag'], /^\w[\w.-]{0,127}$/, '--image-tag', 'v1 or 3f2a91c'),
    deployer: checkedDeployer(values.deployer),
    publicCaller: values['public-caller'] === true,
  };
}

/** @returns undefined when help is asked for. @throws {UsageError} */
export function parseDestroyArguments(args: readonly string[]): DestroyArguments | undefined {
  const values = parse(args, { ...common, yes: flag }, destroyUsage);
  if (values.help) return undefined;
  return { ...commonArguments(values, destroyUsage), yes: values.yes === true };
}

/** Those of every command. @throws {UsageError} */
export function commonArguments(
  values: { [key in 'project' | 'region' | 'topology']?: string } & { 'dry-run'?: boolean },
  usage: string,
): CommonArguments {
  const required = (name: 'project' | 'region', pattern: RegExp, example: string) => {
    const value = checked(values[name], pattern, `--${name}`, example);
    if (value === undefined) throw new UsageError(`--${name} is missing.\n\n${usage}`);
    return value;
  };
  return {
    // https://cloud.google.com/resource-manager/docs/creating-managing-projects
    project: required('project', /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, 'my-project'),
    region: required('region', /^[a-z]+-[a-z]+\d{1,2}$/, 'europe-west1'),
    topology: values.topology,
    dryRun: values['dry-run'] === true,
  };
}

/** @throws {UsageError} if it is empty: an unset variable of a script must not stand for everything */
function namesOf(list: string | undefined): string[] {
  const names = (list ?? '').split(',').filter((name) => name !== '');
  if (list === undefined || names.length > 0) return names;
  throw new UsageError('--only names nothing. Leave it away for everything.');
}

/** An IAM member. @throws {UsageError} */
export function checkedDeployer(value: string | undefined) {
  const pattern = /^(?:(?:user|serviceAccount|group):\S+@\S+|principal(?:Set)?:\/\/\S+)$/;
  return checked(value, pattern, '--deployer', 'user:ada@example.com');
}

/** `value`, if it is absent or looks right. @throws {UsageError} */
export function checked(value: string | undefined, pattern: RegExp, name: string, example: string) {
  if (value === undefined || pattern.test(value)) return value;
  throw new UsageError(`${name} ${JSON.stringify(value)} must be like ${example}.`);
}

/** @throws {UsageError} */
export function parse<T extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: readonly string[],
  options: T & object,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isWord = code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL';
    // npm takes the flags that it is given before `--` for its own, and leaves their values over.
    const advice = isWord ? '\nIs the -- missing, after the name of the npm script?' : '';
    throw new UsageError(`${message}${advice}\n\n${usage}`);
  }
}

/**
 * Refuses what would run for real although npm was told otherwise: `npm run deploy --dry-run -- …`.
 * @throws {UsageError}
 */
export function requireNoLostDryRun(args: readonly string[], environment: NodeJS.ProcessEnv): void {
  if (environment.npm_config_dry_run !== 'true' || args.includes('--dry-run')) return;
  throw new UsageError('npm has kept --dry-run to itself. Write it after the -- instead.');
}

import { type DeployArguments, UsageError } from './command-line.ts';
import { shellScript } from './dry-run.ts';
import { activeIdentity, findTarget, memberOf, TargetError, unknownTarget } from './find-target.ts';
import { chooseSteps, deploymentPlan, namesIn } from './plan/deployment-plan.ts';
import type { Step } from './plan/step.ts';
import { withPublicEntry } from './public-entry.ts';
import { announced, reportFailure, reportList, unchangedIfFailed } from './report.ts';
import { type RunReport, runSteps, type Surroundings } from './run-steps.ts';
import { shellQuote } from './shell-quote.ts';
import type { Terminal } from './terminal.ts';
import {
  type DeploymentTarget,
  type ResolvedTopology,
  resolveTopology,
  type Topology,
} from './topology.ts';

/** A command line, and what was found for it. */
export interface Deployment {
  options: DeployArguments;
  topology: Topology;
  imageTag: string;
}

/** The dry run of a deployment: a shell script. @throws {UsageError} */
export function deploymentScript(deployment: Deployment): string {
  const { project, deployer = unknownTarget.deployer } = deployment.options;
  const { steps } = plan(deployment, { ...unknownTarget, deployer });
  return shellScript(
    steps.filter(({ isRepair }) => !isRepair),
    project,
  );
}

/**
 * Deploys, and reports all the way.
 * @returns whether every step succeeded
 * @throws {UsageError} @throws {TargetError} before anything is changed
 */
export async function deploy(deployment: Deployment, surroundings: Surroundings): Promise<boolean> {
  plan(deployment, unknownTarget); // Finds what is wrong with the options before anybody is asked.
  const { options } = deployment;
  const { terminal } = surroundings;
  const gcloud = announced(surroundings.gcloud, terminal);
  const { project, region } = options;
  const deployer = options.deployer ?? memberOf(await activeIdentity(gcloud));
  const target = await unchangedIfFailed(
    () => findTarget(gcloud, { project, region, deployer }),
    { project, deployer },
    terminal,
  );
  if (!target) return false;
  const { topology, steps } = plan(deployment, target);
  announce(topology, options, terminal);
  const report = await runSteps(steps, surroundings);
  conclude(report, topology, options, terminal);
  return report.failure === undefined;
}

/** @throws {UsageError} if the options ask for what the topology does not have */
function plan(
  { options, topology, imageTag }: Deployment,
  { projectNumber, deployer }: Pick<DeploymentTarget, 'projectNumber' | 'deployer'>,
): { topology: ResolvedTopology; steps: Step[] } {
  const { project, region, only, publicCaller } = options;
  const wanted = publicCaller ? withPublicEntry(topology) : topology;
  const resolved = resolveTopology(wanted, { project, region, projectNumber, deployer });
  const steps = deploymentPlan(resolved, imageTag);
  const known = namesIn(steps);
  const stranger = only.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(`--only does not know ${stranger}. There are: ${known.join(', ')}.`);
  }
  return { topology: resolved, steps: chooseSteps(steps, only) };
}

function announce(
  { services, project, projectNumber, region, deployer }: ResolvedTopology,
  { publicCaller }: DeployArguments,
  { print, paint }: Terminal,
): void {
  const names = services.map(({ name }) => name).join(', ');
  print(`\nDeploying ${names} to ${project} (${projectNumber}) in ${region}, as ${deployer}.`);
  if (!publicCaller) return;
  const open = services.filter(({ invokers }) => invokers.includes('allUsers'));
  const warning = `WARNING: everybody on the internet may invoke ${open.map(({ name }) => name).join(', ')}, without a token, at your cost.`;
  print(paint(['red', 'bold'], `\n${warning}`));
  print('npm run doctor will report that, unless the topology says so itself.');
}

function conclude(
  { changed, unchanged, failure, untouched }: RunReport,
  topology: ResolvedTopology,
  { only, topology: file }: DeployArguments,
  terminal: Terminal,
): void {
  const { print, paint } = terminal;
  const { project, region, deployer } = topology;
  const titles = (steps: readonly Step[]) => steps.map(({ title }) => title);
  if (failure) {
    const { step, args, error } = failure;
    reportFailure(error, { args, project, deployer }, terminal);
    reportList('Done now:', titles(changed), terminal);
    reportList('As it was before:', titles(unchanged), terminal);
    const isRefusal = error instanceof TargetError;
    const heading = isRefusal ? 'Not done:' : 'Failed, and perhaps half done:';
    reportList(heading, [step.title], terminal);
    reportList('Not begun:', titles(untouched), terminal);
    print('\nRun the same command again to go on: what is done is not done twice.');
    return;
  }
  const total = changed.length + unchanged.length;
  print(
    paint(
      ['green', 'bold'],
      changed.length === 0
        ? `\nNothing to change: all ${total} steps were done already.`
        : `\nDeployed: ${changed.length} of ${total} steps changed something, ${unchanged.length} were done already.`,
    ),
  );
  if (only.length > 0) return;
  for (const { name, url } of topology.services) print(`  ${name}: ${url}`);
  const entry = topology.services.find(({ invokers }) => invokers.includes(deployer));
  if (entry) {
    print('\nTry it, as yourself (a new binding may need a minute or two):');
    print(
      `  $ curl -H "Authorization: Bearer $(gcloud auth print-identity-token)" ${entry.url}/identity`,
    );
  }
  const flags = ['--project', project, '--region', region, ...(file ? ['--topology', file] : [])];
  const words = flags.map((flag) => shellQuote(flag)).join(' ');
  print('\nNext:');
  for (const script of ['smoke', 'doctor']) print(`  $ npm run ${script} -- ${words}`);
}

import type { DestroyArguments } from './command-line.ts';
import { shellScript } from './dry-run.ts';
import type { FailureContext } from './explain-failure.ts';
import { findRemovals } from './find-removals.ts';
import { activeIdentity, findTarget, memberOf, unknownTarget } from './find-target.ts';
import { GcloudError, isNotFound } from './gcloud.ts';
import { madeHere } from './plan/made-here.ts';
import { type Removal, removalPlan } from './plan/removal-plan.ts';
import { announced, commandBlock, reportFailure, reportList, unchangedIfFailed } from './report.ts';
import type { Surroundings } from './run-steps.ts';
import { resolveTopology, type Topology } from './topology.ts';

/** A command line, and what was found for it. */
export interface Destruction {
  options: DestroyArguments;
  topology: Topology;
  /** Asks a person, and returns what they typed. */
  ask: (question: string) => Promise<string>;
}

/** What a deployment leaves in the project, and so does this. */
const remains = [
  'the APIs that were enabled: something else may use them',
  'the bucket PROJECT_REGION_cloudbuild with the sources and logs of builds, which Cloud Build made',
];

/** The dry run: a shell script. */
export function destructionScript({ options, topology }: Omit<Destruction, 'ask'>): string {
  const { project, region } = options;
  const resolved = resolveTopology(topology, { project, region, ...unknownTarget });
  const steps = removalPlan(resolved).map(({ title, args }) => ({
    title: `Delete the ${title}`,
    args,
  }));
  return shellScript(steps, project);
}

/**
 * Shows what is there of a deployment, asks, and deletes it.
 * @returns whether all of it is gone
 * @throws {TargetError} before anything is deleted
 */
export async function destroy(
  { options, topology, ask }: Destruction,
  surroundings: Surroundings,
): Promise<boolean> {
  const { terminal, signal } = surroundings;
  const gcloud = announced(surroundings.gcloud, terminal);
  const { project, region, yes } = options;
  const deployer = memberOf(await activeIdentity(gcloud));
  const found = await unchangedIfFailed(
    async () => {
      const target = await findTarget(gcloud, { project, region, deployer });
      return await findRemovals(gcloud, resolveTopology(topology, target), { signal });
    },
    { project, deployer },
    terminal,
  );
  if (!found) return false;
  const { present, gone, foreign, inUse, users } = found;
  const list = (heading: string, removals: readonly Removal[]) =>
    reportList(
      heading,
      removals.map(({ title }) => title),
      terminal,
    );
  list('Not there (any more):', gone);
  list(`Not made by npm run deploy (without ${madeHere}), so to stay:`, foreign);
  list(`Needed by ${users.join(', ')}, so to stay:`, inUse);
  if (present.length === 0) {
    terminal.print('\nNothing is left to delete.');
    return true;
  }
  list(`To be deleted from ${project}, for good, with every binding on it:`, present);
  reportList(
    'To stay:',
    remains.map((what) => what.replace('PROJECT_REGION', `${project}_${region}`)),
    terminal,
  );
  if (!yes && (await ask(`\nType ${project} to delete this: `)).trim() !== project) {
    terminal.print('Nothing was deleted.');
    return false;
  }
  return await remove(present, { project, deployer }, surroundings);
}

async function remove(
  removals: readonly Removal[],
  context: Omit<FailureContext, 'args'>,
  { gcloud, terminal, now, signal }: Surroundings,
): Promise<boolean> {
  const { print, paint } = terminal;
  for (const [index, { title, args }] of removals.entries()) {
    const started = now();
    print(`\n${paint('bold', `${index + 1}/${removals.length} Delete the ${title}`)}`);
    print(paint('cyan', commandBlock(args)));
    try {
      if (signal.aborted) throw new GcloudError(args, 'Interrupted.');
      await gcloud(args, { signal });
    } catch (error) {
      // Somebody else was faster.
      if (!isNotFound(error)) {
        const titles = removals.map((removal) => removal.title);
        reportFailure(error, { ...context, args }, terminal);
        reportList('Deleted:', titles.slice(0, index), terminal);
        reportList('Still there, as far as is known:', titles.slice(index), terminal);
        print('\nRun the same command again to go on.');
        return false;
      }
    }
    print(
      `  ${paint('green', 'gone')} ${paint('dim', `(${((now() - started) / 1_000).toFixed(1)} s)`)}`,
    );
  }
  print(paint(['green', 'bold'], `\nDeleted all ${removals.length}.`));
  return true;
}

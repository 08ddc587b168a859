import { showDecisions } from './decisions.ts';
import { addedSince, describeBinding, takeInventory } from './inventory.ts';
import { makeMistake } from './make-mistake.ts';
import { mistakes } from './mistakes.ts';
import { processesOf, requireNothingLeft } from './nothing-left.ts';
import { type Scene, type Stage, StageError } from './stage.ts';

/** The whole rehearsal, in order. */
export function stages({ topology, chain }: Pick<Scene, 'topology' | 'chain'>): Stage[] {
  const { caller, receiver } = chain;
  const { project, region } = topology;
  const npm = (script: string) => `npm run ${script} -- --project ${project} --region ${region}`;
  return [
    {
      title: 'Deploy into an empty project',
      lesson: `The project has nothing in it yet. One command makes everything: it switches APIs on, makes a
        place for images and builds them, an account per service, the topic, the services, and last of all
        the bindings, which say who may do what. Every step shows the gcloud command that does it, and why.`,
      play: async (scene) => {
        await scene.shell(npm('deploy'));
        return await showBindings(scene);
      },
    },
    {
      title: 'Try it',
      lesson: `Does a message get through, as the right identities? And does everybody else stay outside? You
        call the ${caller.name} with an ID token of yours; it calls the ${receiver.name} with an ID token of
        its own; the ${receiver.name} publishes with an access token.`,
      play: async (scene) => {
        const decisions = await showDecisions(scene, () => scene.shell(npm('smoke')));
        if (decisions.length !== 3 || decisions.some(({ decision }) => !decision.allowed)) {
          throw new StageError('The message should have gone past IAM three times.');
        }
        return `Three identities, three decisions, and each was allowed by one binding on one resource. Nobody
          acted as anybody else, and there is no password or key file that could leak.`;
      },
    },
    {
      title: 'Compare it with the topology',
      lesson: `doctor reads the policies and settings of what is deployed, and compares them with
        deploy/topology.json. It only looks, and ends with 1 if it finds anything, so that CI can run it.`,
      play: async ({ shell }) => {
        await shell(npm('doctor'));
        return 'What is deployed is what the file says: no more and no less.';
      },
    },
    {
      title: 'Deploy again',
      lesson: `A deployment has to be repeatable: after a failure, and with every change. Each step looks first
        whether it is done. (The commands that only look are left out this time.)`,
      play: async ({ shell }) => {
        const output = await shell(npm('deploy'), { shows: isOutcome });
        if (!/^Nothing to change/m.test(output)) {
          throw new StageError('The second deployment should have changed nothing.');
        }
        return 'Nothing was changed: no new image, no new revision, and no request was disturbed.';
      },
    },
    ...mistakes(chain, topology).map(
      (mistake): Stage => ({
        title: mistake.title,
        lesson: mistake.lesson,
        play: (scene) => makeMistake(mistake, npm('doctor'), scene),
      }),
    ),
    {
      title: 'Remove it',
      lesson: `destroy deletes what deploy has made, the other way round: callers first, and accounts when
        nothing runs as them any more. It would ask; --yes is the answer.`,
      play: async (scene) => {
        const processes = processesOf(scene);
        await scene.shell(`${npm('destroy')} --yes`);
        await requireNothingLeft(scene, processes);
        return `Services, topic, accounts and images are gone, with every binding on them, and no process is
          left. The APIs and Cloud Build's bucket stay, as destroy has said.`;
      },
    },
  ];
}

/** Lines of a deployment that say what became of each step. */
function isOutcome(line: string): boolean {
  return /^(?:\d+\/\d+ | {2}(?:unchanged|done|failed) |Nothing to change|Deployed)/.test(line);
}

async function showBindings({ cloud, topology, before, terminal }: Scene): Promise<string> {
  const { bindings } = addedSince(before, await takeInventory(cloud.controlUrl));
  terminal.print('\n  Who may do what now, and could not before:');
  for (const binding of bindings) terminal.print(`    ${binding}`);
  const wanted = topology.bindings.map(describeBinding);
  if ([...bindings].sort().join() !== [...wanted].sort().join()) {
    throw new StageError(`It should be just this:\n  ${wanted.join('\n  ')}`);
  }
  return `That is the whole of it: ${wanted.length} bindings, each with one role on one resource. None is on
    the project, where it would count for everything that will ever be in it.`;
}

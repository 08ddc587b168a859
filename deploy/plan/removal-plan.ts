import type { ResolvedTopology } from '../topology.ts';
import { calledFirst, usersBy } from './deployment-plan.ts';
import { projectFlag, regionFlag, repository } from './step.ts';

/** One thing that a deployment has made, and how it goes away. */
export interface Removal {
  /** Kind and name, for the list that is shown. */
  title: string;
  /** Arguments of a gcloud command that succeeds while it is there. */
  describe: readonly string[];
  /** Arguments of the gcloud command that deletes it. */
  args: readonly string[];
}

/**
 * Everything that a deployment makes, the other way round: whoever calls before whoever is called,
 * and accounts when nothing runs as them any more. A binding goes with what it is on. Pure.
 */
export function removalPlan(topology: ResolvedTopology): Removal[] {
  const project = projectFlag(topology);
  const region = regionFlag(topology);
  const location = `--location=${topology.region}`;
  const removal = (
    title: string,
    command: readonly string[],
    id: string,
    flags: readonly string[],
  ): Removal => ({
    title,
    describe: [...command, 'describe', id, ...flags],
    args: [...command, 'delete', id, ...flags, '--quiet'],
  });
  return [
    ...calledFirst(topology.services)
      .reverse()
      .map(({ name }) => removal(`service ${name}`, ['run', 'services'], name, [region, project])),
    ...topology.subscriptions.map(({ id }) =>
      removal(`subscription ${id}, with its messages`, ['pubsub', 'subscriptions'], id, [project]),
    ),
    ...topology.topics.map(({ id }) => removal(`topic ${id}`, ['pubsub', 'topics'], id, [project])),
    ...usersBy(topology.services, 'serviceAccount').map(([email]) =>
      removal(`account ${email}`, ['iam', 'service-accounts'], email, [project]),
    ),
    removal(
      `repository ${repository}, with all its images`,
      ['artifacts', 'repositories'],
      repository,
      [location, project],
    ),
  ];
}

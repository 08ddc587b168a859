import type { LiveService } from '../live-service.ts';
import type { ResolvedTopology } from '../topology.ts';
import { calledFirst, usersBy } from './deployment-plan.ts';
import { imagePrefix, projectFlag, regionFlag, repository } from './step.ts';

/** One thing that a deployment has made, and how it goes away. */
export interface Removal {
  /** Kind and name, for the list that is shown. */
  title: string;
  /** Arguments of a gcloud command that succeeds while it is there. */
  describe: readonly string[];
  /** Arguments of the gcloud command that deletes it. */
  args: readonly string[];
  /** Of a service: whether it is that one. */
  removes?: (service: LiveService) => boolean;
  /** Whether a service that stays would miss it. */
  isNeededBy: (service: LiveService) => boolean;
}

/**
 * Everything that a deployment makes, the other way round: whoever calls before whoever is called,
 * and accounts when nothing runs as them any more. A binding goes with what it is on. Pure.
 */
export function removalPlan(topology: ResolvedTopology): Removal[] {
  const project = projectFlag(topology);
  const region = regionFlag(topology);
  const location = `--location=${topology.region}`;
  const accounts = topology.services.map(({ serviceAccount }) => serviceAccount);
  // Whoever runs as one of the accounts may call another one, publish, and so on.
  const isOurs = ({ serviceAccount = '' }: LiveService) => accounts.includes(serviceAccount);
  const removal = (
    title: string,
    command: readonly string[],
    id: string,
    flags: readonly string[],
    isNeededBy = isOurs,
  ): Removal => ({
    title,
    isNeededBy,
    describe: [...command, 'describe', id, ...flags],
    args: [...command, 'delete', id, ...flags, '--quiet'],
  });
  return [
    ...calledFirst(topology.services)
      .reverse()
      .map(({ name }) => ({
        ...removal(`service ${name}`, ['run', 'services'], name, [region, project], () => false),
        removes: (service: LiveService) =>
          service.name === name && service.region === topology.region,
      })),
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
      ({ image }) => image.startsWith(imagePrefix(topology)),
    ),
  ];
}

import { z } from 'zod';
import { type Place, projectFlag, type Step } from './step.ts';

/** Those that the services use, and those that this command uses to put them there. */
export const apis = [
  'run.googleapis.com',
  'pubsub.googleapis.com',
  'iam.googleapis.com',
  'artifactregistry.googleapis.com',
  'cloudbuild.googleapis.com',
];

const enabledApis = z.array(z.object({ config: z.object({ name: z.string() }) }));

export function enableApis(place: Place): Step {
  return {
    group: 'apis',
    subjects: [],
    title: 'Enable the APIs',
    why: 'In a new project they are switched off. Enabling costs nothing, and lets nobody in.',
    check: {
      args: ['services', 'list', '--enabled', projectFlag(place)],
      isDone: (answer) => {
        const enabled = enabledApis.safeParse(answer).data?.map(({ config }) => config.name) ?? [];
        return apis.every((api) => enabled.includes(api));
      },
    },
    args: ['services', 'enable', ...apis, projectFlag(place)],
  };
}

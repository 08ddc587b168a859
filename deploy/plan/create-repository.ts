import { madeHere } from './made-here.ts';
import { type Place, projectFlag, repository, type Step } from './step.ts';

export function createRepository(place: Place): Step {
  const location = `--location=${place.region}`;
  return {
    group: 'registry',
    subjects: [],
    title: `Make the repository for images: ${repository}`,
    why: 'Artifact Registry keeps the container images in the region in which they run.',
    check: {
      args: ['artifacts', 'repositories', 'describe', repository, location, projectFlag(place)],
      isDone: () => true,
    },
    args: [
      ...['artifacts', 'repositories', 'create', repository, location],
      '--repository-format=docker',
      ...['--description=Images of the services', `--labels=${madeHere}`, projectFlag(place)],
    ],
  };
}

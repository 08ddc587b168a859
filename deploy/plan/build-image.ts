import { z } from 'zod';
import { imageName, type Place, projectFlag, regionFlag, repository, type Step } from './step.ts';

const tags = z.array(z.object({ name: z.string() }));

/**
 * Builds `Dockerfile.<image>`, which the services `users` run, by Cloud Build: nobody needs Docker at
 * hand. Sources and logs go to a bucket of this project in the same region. The default would be a
 * bucket in the US, and one of Google's for the logs, which only viewers of the whole project may read:
 * for others, gcloud would call a build that succeeded a failure.
 * https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds#defaultlogsbucketbehavior
 */
export function buildImage(
  image: string,
  users: readonly string[],
  tag: string,
  place: Place,
): Step {
  return {
    group: 'images',
    subjects: [image, ...users],
    title: `Build the image ${image}:${tag} from Dockerfile.${image}`,
    why: 'Cloud Build runs the Dockerfile and pushes the image; a tag that exists is not built again.',
    check: {
      args: [
        ...['artifacts', 'tags', 'list', `--package=${image}`, `--repository=${repository}`],
        ...[`--location=${place.region}`, projectFlag(place)],
      ],
      // gcloud gives the last part of the name, the API all of it.
      isDone: (answer) =>
        tags.safeParse(answer).data?.some(({ name }) => name.split('/').at(-1) === tag) ?? false,
    },
    args: [
      ...['builds', 'submit', '.', '--config=deploy/cloudbuild.yaml'],
      `--substitutions=_IMAGE=${imageName(image, tag, place)},_DOCKERFILE=Dockerfile.${image}`,
      '--default-buckets-behavior=regional-user-owned-bucket',
      regionFlag(place),
      projectFlag(place),
    ],
  };
}

/** Parts of a deployment, in their order; `--only` takes them. */
export const stepGroups = [
  'apis',
  'registry',
  'images',
  'accounts',
  'pubsub',
  'services',
  'bindings',
] as const;

/** One thing that a deployment makes. Data alone: `run-steps.ts` acts on it. */
export interface Step {
  group: (typeof stepGroups)[number];
  /** Services, images, topics and subscriptions that it belongs to; `--only` takes them as well. */
  subjects: readonly string[];
  title: string;
  /** A sentence for those who learn from the output. */
  why: string;
  /** Tells whether it is there already. Something that is not found is not. */
  check: {
    /** Arguments of a gcloud command that only reads; `--format=json` is added. */
    args: readonly string[];
    isDone: (answer: unknown) => boolean;
    /** What to do when it is somebody else's, and making it would replace that; undefined if it is not. */
    refusal?: (answer: unknown) => string | undefined;
  };
  /** Arguments of the gcloud command that makes it. */
  args: readonly string[];
  /** Takes away what somebody has added: a dry run, in which there is nothing yet, leaves it out. */
  isRepair?: boolean;
}

/** What the flags of one gcloud command need to know of the place. */
export interface Place {
  project: string;
  region: string;
}

export const projectFlag = ({ project }: Place): string => `--project=${project}`;
export const regionFlag = ({ region }: Place): string => `--region=${region}`;

/** The Artifact Registry repository that holds the images of all services. */
export const repository = 'services';

/** `REGION-docker.pkg.dev/PROJECT/services/IMAGE:TAG` */
export function imageName(image: string, tag: string, place: Place): string {
  return `${imagePrefix(place)}${image}:${tag}`;
}

/** What the names of all images in the repository begin with. */
export function imagePrefix({ project, region }: Place): string {
  return `${region}-docker.pkg.dev/${project}/${repository}/`;
}

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ApiServices } from '../api-services.ts';
import { localProgramOf, projectFolder } from '../artifact-registry/local-program.ts';
import { ApiError } from '../network/api-error.ts';
import type { BuildRequest } from './build-schema.ts';
import type { Build } from './builds.ts';
import { substitute } from './substitute.ts';

type Services = Pick<
  ApiServices,
  'topology' | 'clock' | 'images' | 'buckets' | 'builds' | 'notify'
>;

/** A build that fails; the message goes into its log. */
class BuildFailure extends Error {
  override readonly name = 'BuildFailure';
}

/**
 * Plays a build: what it would make is checked, and its images are put into their repository by name. No
 * step is run: a service runs from its source here.
 */
export function runBuild(
  { topology, clock, images, buckets, builds, notify }: Services,
  location: string,
  request: BuildRequest,
): Build {
  const { project, projectNumber } = topology;
  const id = randomUUID();
  const values = {
    ...request.substitutions,
    PROJECT_ID: project,
    PROJECT_NUMBER: projectNumber,
    BUILD_ID: id,
    LOCATION: location,
  };
  const fill = (text: string) => substitute(text, values);
  const wanted = request.images.map(fill);
  const pushed: { name: string; digest: string }[] = [];
  const lines = [`starting build "${id}"`, '', 'BUILD'];
  let failure: string | undefined;
  try {
    for (const step of request.steps) checkDockerfile(step.args.map(fill));
    for (const name of wanted) requireProgram(name);
    lines.push('build skipped: local source is used', 'PUSH');
    for (const name of wanted) {
      const { digest } = images.push(name);
      pushed.push({ name, digest });
      lines.push(`${name}: digest: ${digest}`);
    }
    lines.push('DONE');
  } catch (error) {
    if (!(error instanceof BuildFailure || error instanceof ApiError)) throw error;
    failure = error.message;
    lines.push(`ERROR: ${failure}`);
  }
  const what = wanted.map((name) => basename(name)).join(', ') || 'no image';
  notify(
    failure === undefined
      ? `build of ${what} skipped: local source is used`
      : `build of ${what} failed: ${failure}`,
  );
  const logsBucket =
    request.logsBucket ?? `gs://${projectNumber}.cloudbuild-logs.googleusercontent.com`;
  const content = Buffer.from(`${lines.join('\n')}\n`);
  const [bucket = '', ...folder] = logsBucket.replace(/^gs:\/\//, '').split('/');
  const log = [...folder, `log-${id}.txt`].join('/');
  buckets.write(bucket, log, { sizeBytes: content.length, content });
  const build: Build = {
    id,
    project,
    location,
    status: failure === undefined ? 'SUCCESS' : 'FAILURE',
    statusDetail: failure,
    createdAtMs: clock.now(),
    request,
    images: wanted,
    pushed,
    logsBucket,
  };
  builds.add(build);
  return build;
}

/** Of `docker build`: that the Dockerfile it names is in the project's folder. */
function checkDockerfile(args: readonly string[]): void {
  if (!args.includes('build')) return;
  const at = args.findIndex((argument) => argument === '-f' || argument === '--file');
  const assigned = args.find((argument) => /^(?:-f|--file)=/.test(argument));
  const file = (at >= 0 ? args[at + 1] : assigned?.replace(/^[^=]*=/, '')) ?? 'Dockerfile';
  // Its name only: nothing outside of the folder is looked at.
  if (file === basename(file) && existsSync(join(projectFolder, file))) return;
  throw new BuildFailure(
    `unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat /workspace/${file}: no such file or directory`,
  );
}

function requireProgram(image: string): void {
  if (localProgramOf(image) !== undefined) return;
  throw new BuildFailure(
    `the local cloud has no source for ${image}: an image runs services/<image>/main.ts, and needs a Dockerfile.<image>`,
  );
}

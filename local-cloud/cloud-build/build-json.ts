import { rfc3339 } from '../rest/rfc3339.ts';
import type { Build } from './builds.ts';

/** https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds */
export function buildJson(build: Build): object {
  const { id, project, location, status, statusDetail, createdAtMs, request, images } = build;
  const at = rfc3339(createdAtMs);
  return {
    ...request,
    name: `projects/${project}/locations/${location}/builds/${id}`,
    id,
    projectId: project,
    status,
    ...(statusDetail && { statusDetail }),
    createTime: at,
    startTime: at,
    finishTime: at,
    timeout: request.timeout ?? '600s',
    images,
    results: { images: build.pushed },
    logsBucket: build.logsBucket,
  };
}

/** How the API answers the start of a build. */
export function buildOperation(build: Build): object {
  const metadata = {
    '@type': 'type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata',
    build: buildJson(build),
  };
  const id = Buffer.from(build.id).toString('base64url');
  const name = `operations/build/${build.project}/${id}`;
  const response = {
    '@type': 'type.googleapis.com/google.devtools.cloudbuild.v1.Build',
    ...buildJson(build),
  };
  return build.status === 'SUCCESS'
    ? { name, metadata, done: true, response }
    : { name, metadata, done: true, error: { code: 2, message: build.statusDetail } };
}

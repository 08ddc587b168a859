import { expect, it } from 'vitest';
import { developer, startAdminApis } from '../../tests/support/admin-apis-fixture.ts';
import { projectResource } from '../iam/resource-names.ts';
import { substitute } from './substitute.ts';

const builds = 'cloudbuild.googleapis.com/v1/projects/demo-project/locations/europe-west1/builds';
const prefix = 'europe-west1-docker.pkg.dev/demo-project/services';
const docker = 'gcr.io/cloud-builders/docker';
const build = (image: string, ...args: string[]) => ({
  steps: [{ name: docker, args: ['build', ...args, '.'] }],
  images: [image],
});

async function startForBuilds() {
  const apis = await startAdminApis();
  const project = projectResource('demo-project');
  apis.iam.policies.addBinding(project, 'roles/cloudbuild.builds.editor', developer);
  return apis;
}

it('a build is done at once, and its image is there', async () => {
  const { call, images, notices, buckets } = await startForBuilds();
  const body = {
    steps: [{ name: docker, args: ['build', '--file', '$_DOCKERFILE', '--tag', '$_IMAGE', '.'] }],
    images: ['$_IMAGE'],
    substitutions: { _IMAGE: `${prefix}/receiver:v1`, _DOCKERFILE: 'Dockerfile.receiver' },
    logsBucket: 'gs://logs/of/builds',
  };
  const started = await call('POST', builds, { body });
  const { build: made } = started.body.metadata;
  const digest = images.find(`${prefix}/receiver:v1`)?.digest;
  expect(made).toMatchObject({
    status: 'SUCCESS',
    images: [`${prefix}/receiver:v1`],
    results: { images: [{ name: `${prefix}/receiver:v1`, digest }] },
    logsBucket: 'gs://logs/of/builds',
  });
  expect((await call('GET', `${builds}/${made.id}`)).body).toEqual(made);
  expect((await call('GET', builds)).body.builds).toEqual([made]);
  const log = buckets.object('logs', `of/builds/log-${made.id}.txt`)?.content?.toString();
  expect(log).toContain('build skipped: local source is used\n');
  expect(log).toContain(`${prefix}/receiver:v1: digest: ${digest}\n`);
  expect(notices).toEqual(['build of receiver:v1 skipped: local source is used']);
});

it.each([
  [
    'a Dockerfile that is not there',
    build(`${prefix}/receiver:v1`, '-f', 'Dockerfile.nobody'),
    'lstat /workspace/Dockerfile.nobody: no such file or directory',
  ],
  [
    'the Dockerfile of another folder',
    build(`${prefix}/receiver:v1`, '--file=../Dockerfile.receiver'),
    'lstat /workspace/../Dockerfile.receiver: no such file or directory',
  ],
  [
    'no Dockerfile at all',
    build(`${prefix}/receiver:v1`),
    'lstat /workspace/Dockerfile: no such file or directory',
  ],
  [
    'an image that has no source',
    build(`${prefix}/nobody:v1`, '-f', 'Dockerfile.receiver'),
    'the local cloud has no source for',
  ],
  [
    'a repository that is not there',
    build('europe-west1-docker.pkg.dev/demo-project/none/receiver:v1', '-f', 'Dockerfile.receiver'),
    'Repository "none" not found in europe-west1',
  ],
])('a build with %s fails, and its log says why', async (_title, body, message) => {
  const { call, images, buckets } = await startForBuilds();
  const started = await call('POST', builds, { body });
  expect(started.body).toMatchObject({ done: true, error: { code: 2 } });
  const { id, status, statusDetail } = started.body.metadata.build;
  expect(status).toBe('FAILURE');
  expect(statusDetail).toContain(message);
  const bucket = '123456789012.cloudbuild-logs.googleusercontent.com';
  expect(buckets.object(bucket, `log-${id}.txt`)?.content?.toString()).toContain(message);
  expect(images.find(`${prefix}/receiver:v1`)).toBeUndefined();
});

it.each([
  [{ images: [] }, 400, 'build.steps must not be empty'],
  [
    {
      ...build(`${prefix}/receiver:v1`),
      source: { storageSource: { bucket: 'b', object: 'o.tgz' } },
    },
    400,
    'gs://b/o.tgz does not exist',
  ],
])('%j is refused with %i', async (body, status, message) => {
  const { call } = await startForBuilds();
  const answer = await call('POST', builds, { body });
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toContain(message);
});

it('who may not build does not', async () => {
  const { call, builds: all } = await startAdminApis();
  const answer = await call('POST', builds, { body: build(`${prefix}/receiver:v1`) });
  expect(answer.status).toBe(403);
  expect(all.list('demo-project')).toEqual([]);
});

it.each([
  [`$_A-\${_B}`, 'a-b'],
  ['$$_A $UNKNOWN', '$_A $UNKNOWN'],
  ['$toString', '$toString'],
])('fills in %s', (text, expected) => {
  expect(substitute(text, { _A: 'a', _B: 'b' })).toBe(expected);
});

import { expect, it } from 'vitest';
import { developer, startAdminApis } from '../../tests/support/admin-apis-fixture.ts';
import { projectResource } from '../iam/resource-names.ts';
import { parseImageReference } from './image-reference.ts';
import { localProgramOf } from './local-program.ts';

const location = 'artifactregistry.googleapis.com/v1/projects/demo-project/locations/europe-west1';
const repositories = `${location}/repositories`;
const prefix = 'europe-west1-docker.pkg.dev/demo-project/services';

async function startForImages() {
  const apis = await startAdminApis();
  const project = projectResource('demo-project');
  apis.iam.policies.addBinding(project, 'roles/artifactregistry.admin', developer);
  return apis;
}

it('makes a repository by an operation that is done', async () => {
  const { call } = await startForImages();
  const body = { format: 'DOCKER', description: 'mine', labels: { team: 'a' } };
  const made = await call('POST', `${repositories}?repositoryId=mine`, { body });
  const name = 'projects/demo-project/locations/europe-west1/repositories/mine';
  expect(made.body).toMatchObject({ done: true, response: { name, ...body } });
  const operation = await call('GET', `artifactregistry.googleapis.com/v1/${made.body.name}`);
  expect(operation.body).toEqual(made.body);
  expect((await call('GET', `${repositories}/mine`)).body).toMatchObject({
    name,
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    registryUri: 'europe-west1-docker.pkg.dev/demo-project/mine',
  });
  const list = await call('GET', repositories);
  expect(list.body.repositories).toMatchObject([
    { name },
    { name: expect.stringMatching(/services$/) },
  ]);
  expect((await call('DELETE', `${repositories}/mine`)).body).toMatchObject({ done: true });
  expect((await call('GET', `${repositories}/mine`)).status).toBe(404);
});

it('shows images as images, and as packages with versions and tags', async () => {
  const { call, images } = await startForImages();
  const { digest: first } = images.push(`${prefix}/receiver:v1`);
  const { digest } = images.push(`${prefix}/receiver:v2`);
  images.push(`${prefix}/receiver:v1`);
  const at = `${repositories}/services`;

  const tags = await call('GET', `${at}/packages/receiver/tags`);
  expect(tags.body.tags.map(({ name }: { name: string }) => name.split('/').at(-1))).toEqual([
    'latest',
    'v1',
    'v2',
  ]);
  const tag = await call('GET', `${at}/packages/receiver/tags/v2`);
  expect(tag.body.version).toMatch(new RegExp(`/packages/receiver/versions/${digest}$`));
  const version = await call('GET', `${at}/packages/receiver/versions/${digest}`);
  expect(version.body.relatedTags).toMatchObject([{ name: expect.stringMatching(/\/v2$/) }]);
  // A tag moves on to what is pushed under it.
  const older = await call('GET', `${at}/packages/receiver/versions/${first}`);
  expect(older.body).not.toHaveProperty('relatedTags');
  const image = await call('GET', `${at}/dockerImages/receiver@${digest}`);
  expect(image.body).toMatchObject({ uri: `${prefix}/receiver@${digest}`, tags: ['v2'] });
  expect((await call('GET', `${at}/dockerImages`)).body.dockerImages).toHaveLength(5);
  expect((await call('GET', `${at}/packages`)).body.packages).toHaveLength(2);
  expect(images.find(`${prefix}/receiver@${digest}`)?.digest).toBe(digest);
});

it.each([
  ['GET', `${repositories}/none`, undefined, 404, 'not found'],
  ['GET', `${repositories}/services/packages/none/tags`, undefined, 404, 'Package "none"'],
  ['GET', `${repositories}/services/packages/caller/tags/none`, undefined, 404, 'Tag "none"'],
  ['GET', `${repositories}/services/dockerImages/none`, undefined, 404, 'Docker image "none"'],
  ['POST', `${repositories}?repositoryId=services`, { format: 'DOCKER' }, 409, 'already exists'],
  ['POST', `${repositories}?repositoryId=Mine`, { format: 'DOCKER' }, 400, 'invalid repository ID'],
  [
    'POST',
    `${repositories}?repositoryId=mine`,
    { format: 'NPM' },
    400,
    'of the format DOCKER only',
  ],
] as const)('%s %s %j is refused with %i: %s', async (method, url, body, status, message) => {
  const { call } = await startForImages();
  const answer = await call(method, url, body && { body });
  expect(answer.status).toBe(status);
  expect(answer.body.error.message).toContain(message);
});

it.each([
  ['POST', `${repositories}?repositoryId=mine`, 'repositories.create'],
  ['GET', `${repositories}/services`, 'repositories.get'],
  ['DELETE', `${repositories}/services`, 'repositories.delete'],
  ['GET', `${repositories}/services/packages/caller/tags`, 'tags.list'],
])('%s %s needs artifactregistry.%s', async (method, url, permission) => {
  const { call, images } = await startForImages();
  const answer = await call(method, url, { as: 'user:ann@example.com' });
  expect(answer.status).toBe(403);
  expect(answer.body.error.message).toContain(`Permission 'artifactregistry.${permission}' denied`);
  expect(images.list('projects/demo-project/locations/europe-west1')).toHaveLength(1);
});

const digest = `sha256:${'0'.repeat(64)}`;
it.each([
  [`${prefix}/receiver`, { image: 'receiver', tag: 'latest', digest: undefined }],
  [`${prefix}/receiver:v1`, { image: 'receiver', tag: 'v1', digest: undefined }],
  [`${prefix}/a/b@${digest}`, { image: 'a/b', tag: undefined, digest }],
  [`${prefix}/a:v1@${digest}`, { image: 'a', tag: 'v1', digest }],
])('reads the name %s', (text, expected) => {
  expect(parseImageReference(text)).toEqual({
    location: 'europe-west1',
    project: 'demo-project',
    repository: 'services',
    ...expected,
  });
});

it.each(['gcr.io/demo-project/receiver', 'receiver', `${prefix}/`, `${prefix}/a:`, ''])(
  '%j is no name of an image here',
  (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  },
);

it.each([
  [`${prefix}/receiver:v1`, 'services/receiver/main.ts'],
  [`${prefix}/nobody`, undefined],
  [`${prefix}/../local-cloud`, undefined],
  [`${prefix}/a/../receiver`, undefined],
  ['receiver', undefined],
])('%s runs %s', (image, program) => {
  expect(localProgramOf(image)).toBe(program);
});

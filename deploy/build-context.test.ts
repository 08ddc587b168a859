import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadTopology } from './topology.ts';

const root = join(import.meta.dirname, '..');
const linesOf = (name: string) =>
  readFileSync(join(root, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

it('Cloud Build is sent what Docker may see, the Dockerfiles, and nothing else', () => {
  const sent = linesOf('.gcloudignore').map((line) => line.replace(/^!\/(.*?)\/?$/, '!$1'));
  const seen = linesOf('.dockerignore');
  expect(sent.slice(0, 3)).toEqual(['/*', '!.dockerignore', '!Dockerfile.*']);
  expect(seen[0]).toBe('*');
  expect(sent.slice(3)).toEqual(seen.slice(1).map((line) => line.replace('**/', '')));
});

it('there is a Dockerfile for each image of the topology', () => {
  for (const [name, { image = name }] of Object.entries(loadTopology().services)) {
    expect(() => readFileSync(join(root, `Dockerfile.${image}`))).not.toThrow();
  }
});

it('the build uses both substitutions that it is given, and BuildKit', () => {
  const config = readFileSync(join(import.meta.dirname, 'cloudbuild.yaml'), 'utf8');
  expect(config).toContain('args: [build, --file, $_DOCKERFILE, --tag, $_IMAGE, .]');
  expect(config).toContain('env: [DOCKER_BUILDKIT=1]');
  expect(config).toContain('images: [$_IMAGE]');
});

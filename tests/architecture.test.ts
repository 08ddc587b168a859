import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const sources = globSync(
  '{services,shared,deploy,local-cloud,rehearsal,tests,benchmarks}/**/*.ts',
  {
    cwd: root,
  },
).map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const isTest = (file: string) => file.endsWith('.test.ts');

/** Which folders (and files, without .ts) the production code and the local cloud may import from. */
const mayImport: Record<string, string[]> = {
  shared: ['shared'],
  'services/caller': ['services/caller', 'shared'],
  'services/receiver': ['services/receiver', 'shared'],
  'local-cloud': ['local-cloud', 'deploy'],
  deploy: ['deploy'],
  rehearsal: ['rehearsal', 'local-cloud', 'deploy'],
};

function relativeImports(file: string, text: string): string[] {
  const specifiers = text.matchAll(/(?:from|import|import\()\s*'(\.[^']*)'/g);
  return [...specifiers].map(([, specifier]) => normalize(join(dirname(file), String(specifier))));
}

const within = (file: string, folder: string) => file.startsWith(`${folder}/`);

describe.each(Object.entries(mayImport))('%s', (folder, allowed) => {
  const files = sources.filter(({ file }) => within(file, folder));

  it('exists', () => expect(files.length).toBeGreaterThan(0));

  it.each(files.filter(({ file }) => !isTest(file)))('$file imports only what it may', (source) => {
    const foreign = relativeImports(source.file, source.text).filter(
      (target) => !allowed.some((other) => within(target, other)),
    );
    expect(foreign).toEqual([]);
  });

  // Tests may use what tests/ offers, but they too must not mix the two sides.
  it.each(files.filter(({ file }) => isTest(file)))('$file imports only what it may', (source) => {
    const foreign = relativeImports(source.file, source.text).filter(
      (target) => ![...allowed, 'tests/support'].some((other) => within(target, other)),
    );
    expect(foreign).toEqual([]);
  });
});

describe('production code', () => {
  const production = sources.filter(
    ({ file }) => (within(file, 'services') || within(file, 'shared')) && !isTest(file),
  );

  it.each(production)('$file does not know the local cloud or tests', ({ text }) => {
    expect(text).not.toMatch(/local.?cloud|emulator|vitest|NODE_ENV/i);
  });

  it.each(production)('$file reads the environment only where it may', ({ file, text }) => {
    if (!/\/(?:config|main)\.ts$/.test(file)) expect(text).not.toContain('process.env');
  });

  it('identity depends on google-auth-library and the types of Express alone', () => {
    for (const { file, text } of production.filter((source) =>
      within(source.file, 'shared/identity'),
    )) {
      const packages = [...text.matchAll(/^import (type )?.* from '([^.'][^']*)'/gm)]
        .filter(([, , name]) => !String(name).startsWith('node:'))
        .map(([, type, name]) => `${type ?? ''}${name}`);
      const allowed = ['google-auth-library', 'type google-auth-library', 'type express'];
      expect(
        packages.filter((name) => !allowed.includes(name)),
        file,
      ).toEqual([]);
      const foreign = relativeImports(file, text).filter((to) => !within(to, 'shared/identity'));
      expect(foreign, file).toEqual([]);
    }
  });
});

it('npm hands its signals on to what runs long: no shell stands between', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(scripts.start).toMatch(/^(?:\w+=\S+ )?exec node .*local-cloud/);
  expect(scripts.messages).toMatch(/^exec node .*local-cloud/);
  expect(scripts.gcloud).toMatch(/^exec node .*local-cloud/);
  expect(scripts.rehearse).toMatch(/^exec node .*rehearsal/);
});

describe('images', () => {
  it.each(['Dockerfile.caller', 'Dockerfile.receiver'])(
    '%s holds production code alone',
    (name) => {
      const dockerfile = readFileSync(join(root, name), 'utf8');
      expect(dockerfile).not.toMatch(/local-cloud|rehearsal|tests|benchmarks|COPY \. /);
      expect(dockerfile).toContain(':nonroot');
      const [, final = ''] = dockerfile.split(/^FROM gcr\.io/m);
      expect(final.match(/^COPY .*$/gm)).toEqual([
        expect.stringMatching(/^COPY --from=build \/app\/dist\/\w+\.cjs dist\/\w+\.cjs$/),
        'COPY --from=build /app/dist/compile-cache dist/compile-cache',
      ]);
    },
  );

  it('the build context leaves the local cloud and the tests out', () => {
    const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    expect(lines).toContain('*');
    expect(lines.filter((line) => /^!.*(local-cloud|tests)/.test(line))).toEqual([]);
  });
});

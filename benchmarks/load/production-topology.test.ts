import { expect, it } from 'vitest';
import { bundleOf, productionTopology } from './production-topology.ts';

it.each([
  ['europe-west1-docker.pkg.dev/demo-project/services/caller:local', 'dist/caller.cjs'],
  ['receiver', 'dist/receiver.cjs'],
  ['somewhere/other:receiver', undefined],
])('the program of %s is %s', (image, program) => expect(bundleOf(image)).toBe(program));

it('services run as they do in their images', () => {
  const { caller, receiver } = productionTopology().services;
  const ofTheImages = {
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: expect.stringMatching(/\/dist\/compile-cache$/),
    NODE_OPTIONS: expect.stringMatching(/^--max-semi-space-size=\d+ --import=data:/),
  };
  expect(caller?.environment).toMatchObject(ofTheImages);
  expect(receiver?.environment).toMatchObject({ ...ofTheImages, TOPIC: expect.anything() });
});

import { expect, it } from 'vitest';
import { startLocalCloud } from '../start-local-cloud.ts';
import { ImageNotFoundError } from './service-fleet.ts';

it('the program of an image can be another one than its source', async () => {
  const images: string[] = [];
  const started = startLocalCloud({
    programOf: (image) => {
      images.push(image);
      return undefined;
    },
  });
  await expect(started).rejects.toThrow(ImageNotFoundError);
  expect(images).toEqual(expect.arrayContaining([expect.stringMatching(/\/receiver(?::|$)/)]));
});

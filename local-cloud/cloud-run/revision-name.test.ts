import { expect, it } from 'vitest';
import { revisionName } from './revision-name.ts';

it('names revisions like Cloud Run, the same every time', () => {
  expect(revisionName('receiver', 1)).toMatch(/^receiver-00001-[a-z]{3}$/);
  expect(revisionName('receiver', 1)).toBe(revisionName('receiver', 1));
  expect(revisionName('receiver', 12)).toMatch(/^receiver-00012-[a-z]{3}$/);
});

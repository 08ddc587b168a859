import { expect, it } from 'vitest';
import { releaseMemory } from './release-memory.ts';

it('collects what nobody holds, and leaves no gc() behind', () => {
  const garbage = new WeakRef(new Array(1_000).fill({}));
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    releaseMemory();
    expect(garbage.deref()).toBeUndefined();
    expect(globalThis).not.toHaveProperty('gc');
  });
});

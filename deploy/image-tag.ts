import { createHash } from 'node:crypto';
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A tag made of what the images are built from, found in `folder`: the same sources give the same tag,
 * so that nothing is built twice, and a change that is not committed yet gives another one.
 */
export function contentTag(folder: string): string {
  const hash = createHash('sha256');
  for (const file of imageSources(folder)) {
    const content = readFileSync(join(folder, file));
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return `content-${hash.digest('hex').slice(0, 12)}`;
}

/** The Dockerfiles, and what `.dockerignore` lets into the build. */
function imageSources(folder: string): string[] {
  const ignore = readFileSync(join(folder, '.dockerignore'), 'utf8').split('\n');
  const roots = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const dockerfiles = readdirSync(folder).filter((name) => name.startsWith('Dockerfile.'));
  return [
    ...dockerfiles,
    ...globSync(
      roots.flatMap((root) => [root, `${root}/**`]),
      { cwd: folder },
    ),
  ]
    .filter((file) => !file.endsWith('.test.ts') && statSync(join(folder, file)).isFile())
    .sort();
}

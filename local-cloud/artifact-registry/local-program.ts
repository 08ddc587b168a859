import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseImageReference } from './image-reference.ts';

/** Where the Dockerfiles and the services' sources are. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The program that an image would hold, relative to the project's folder: `…/services/receiver:v1` is built
 * from `Dockerfile.receiver`, and runs `services/receiver/main.ts` here. `undefined` if there is none.
 */
export function localProgramOf(image: string): string | undefined {
  const name = parseImageReference(image)?.image ?? '';
  // The rest of a path would lead out of the folder.
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return undefined;
  const program = `services/${name}/main.ts`;
  const parts = [program, `Dockerfile.${name}`];
  return parts.every((part) => existsSync(join(projectFolder, part))) ? program : undefined;
}

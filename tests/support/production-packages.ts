import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './project-program.ts';

interface Locked {
  version: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const read = (file: string) => JSON.parse(readFileSync(join(projectFolder, file), 'utf8'));

export const manifest = read('package.json');
/** By path below the project's folder; the project itself is `''`. */
export const lockedPackages: Record<string, Locked> = read('package-lock.json').packages;

/** `node_modules/a/node_modules/@b/c` → `@b/c`. */
export function packageName(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** `name@version` of everything that the dependencies of production need, and what those need. */
export function productionClosure(): Set<string> {
  const found = new Set<string>();
  const follow = (path: string, names: string[]) => {
    for (const name of names) {
      const at = resolve(path, name);
      if (at === undefined || found.has(at)) continue;
      found.add(at);
      const { dependencies, optionalDependencies } = lockedPackages[at] ?? {};
      follow(at, Object.keys({ ...dependencies, ...optionalDependencies }));
    }
  };
  follow('', Object.keys(manifest.dependencies));
  return new Set([...found].map((path) => `${packageName(path)}@${lockedPackages[path]?.version}`));
}

/** Where Node.js finds `name` for the package at `path`; `undefined` if it is not there. */
function resolve(path: string, name: string): string | undefined {
  const here = join(path, 'node_modules', name);
  if (here in lockedPackages) return here;
  if (path === '') return undefined;
  return resolve(path.slice(0, path.lastIndexOf('node_modules/')).replace(/\/$/, ''), name);
}

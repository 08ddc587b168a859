import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleContestants } from '../contestants/bundle-contestants.ts';
import { readImageConfig } from './image.ts';
import type { Program } from './service-process.ts';

const root = join(import.meta.dirname, '../..');

export const contestantNames = ['ours', 'sample-style', 'naive', 'bare-pair', 'bare-http'] as const;
export type ContestantName = (typeof contestantNames)[number];

export type ServiceName = 'caller' | 'receiver';
export type Contestant = Record<ServiceName, Program>;

const production = { NODE_ENV: 'production' };

/** Bundles the others into `folder` and, if asked to, builds the services. */
export async function buildContestants(
  folder: string,
  { buildOurs }: { buildOurs: boolean },
): Promise<Record<ContestantName, Contestant>> {
  if (buildOurs) {
    execFileSync(process.execPath, ['build.ts'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  await bundleContestants(folder);
  const bundled = (name: string): Contestant => ({
    caller: bundle(folder, `${name}/caller`),
    receiver: bundle(folder, `${name}/receiver`),
  });
  return {
    ours: { caller: asDeployed('caller'), receiver: asDeployed('receiver') },
    'sample-style': bundled('sample-style'),
    naive: bundled('naive'),
    'bare-pair': bundled('bare-pair'),
    'bare-http': bundled('bare-http'),
  };
}

/** An Express application with nothing in it. */
export function emptyExpress(folder: string): Program {
  return bundle(folder, 'empty-express/main');
}

/** Our service from its TypeScript, unbundled, as development runs it. */
export function fromSource(service: ServiceName): Program {
  return {
    args: [`services/${service}/main.ts`],
    environment: production,
    workingFolder: root,
  };
}

/** The repository stands for the image's folder: what Node has compiled ahead holds for the place where it did. */
function asDeployed(service: ServiceName): Program {
  const dockerfile = readFileSync(join(root, `Dockerfile.${service}`), 'utf8');
  return { ...readImageConfig(dockerfile, root), workingFolder: root };
}

function bundle(folder: string, name: string): Program {
  return { args: [join(folder, `${name}.cjs`)], environment: production, workingFolder: folder };
}

import { join } from 'node:path';
import { build } from 'esbuild';

/** Every contestant of ours but the services themselves: folder and file, without `.ts`. */
const programs = [
  'sample-style/caller',
  'sample-style/receiver',
  'naive/caller',
  'naive/receiver',
  'bare-pair/caller',
  'bare-pair/receiver',
  'bare-http/caller',
  'bare-http/receiver',
  'empty-express/main',
];

/**
 * Bundles them into `folder` as `build.ts` bundles the services, but for what that leaves out of Pub/Sub's
 * package: the samples use all of it.
 */
export async function bundleContestants(folder: string): Promise<void> {
  await build({
    entryPoints: Object.fromEntries(
      programs.map((name) => [name, join(import.meta.dirname, `${name}.ts`)]),
    ),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

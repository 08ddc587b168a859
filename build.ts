import { build } from 'esbuild';

// One file per service, for the images. CommonJS, because the Google libraries are; not minified,
// so that a stack in the log still reads like the source.
await build({
  entryPoints: { caller: 'services/caller/main.ts', receiver: 'services/receiver/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  legalComments: 'none',
  logLevel: 'info',
});

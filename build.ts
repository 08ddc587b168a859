import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build, type Plugin } from 'esbuild';

const [outdir = 'dist'] = process.argv.slice(2);
/** Where Node keeps compiled code for the next start: https://nodejs.org/api/module.html#module-compile-cache */
const compileCache = join(outdir, 'compile-cache');

/**
 * Parts of packages that neither service ever calls, and what stands in their place. They are CommonJS, where a
 * bundler cannot tell. All of them would be read at every cold start and kept in memory.
 */
const neverCalled: readonly [files: RegExp, instead: string][] = [
  // Message classes that only index files name, to pass them on: the client works with the JSON
  // descriptions beside them.
  [
    /(pubsub-api\/build\/protos\/protos|google-gax\/build\/protos\/\w+)\.js$/,
    'module.exports = {};',
  ],
  [/pubsub-api\/build\/src\/v1\/(subscriber|schema_service)_client\.js$/, 'module.exports = {};'],
  // Tables of character sets: bodies are taken as bytes, and must be UTF-8.
  [/iconv-lite\/encodings\/index\.js$/, "module.exports = require('./internal');"],
  // For versions of Node without streams of their own.
  [/web-streams-polyfill\/dist\/ponyfill\.es2018\.js$/, 'module.exports = {};'],
];

const withoutTheNeverCalled: Plugin = {
  name: 'without-the-never-called',
  setup({ onResolve, onLoad }) {
    const { resolve } = createRequire(import.meta.resolve('@google-cloud/pubsub'));
    // The package's `v1` is this package; around it are subscribers, schemas and tracing.
    onResolve({ filter: /^@google-cloud\/pubsub$/ }, () => ({
      path: resolve('@google-cloud/pubsub-api'),
    }));
    for (const [filter, contents] of neverCalled) onLoad({ filter }, () => ({ contents }));
  },
};

// One file per service, for the images. CommonJS, because the Google libraries are. Without white space, since
// reading the file is a good part of a cold start; names and short lines stay, so that a stack in the log
// still says what failed and where.
const { metafile } = await build({
  entryPoints: { caller: 'services/caller/main.ts', receiver: 'services/receiver/main.ts' },
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  legalComments: 'none',
  minifyWhitespace: true,
  lineLimit: 120,
  logLevel: 'info',
  plugins: [withoutTheNeverCalled],
  // One that `debug` takes if it is there: it is, as a dependency of development, and nobody vouches for it.
  external: ['supports-color'],
  metafile: true,
});
// Which file of which package went where; beside the bundles, and not in the images.
writeFileSync(join(outdir, 'metafile.json'), JSON.stringify(metafile));

/**
 * Starts a bundle once and stops it when it is ready: Node then writes down what it has compiled. It asks
 * nobody for anything: its metadata server is a port where nobody listens.
 */
async function fillCompileCache(bundle: string, environment: Record<string, string>) {
  const service = spawn(process.execPath, [bundle], {
    env: {
      ...environment,
      NODE_COMPILE_CACHE: compileCache,
      PORT: '0',
      GCE_METADATA_HOST: '127.0.0.1:9',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(service, 'exit');
  for await (const line of createInterface(service.stdout)) {
    const port = /listening on port (\d+)/.exec(line)?.[1];
    if (!port) continue;
    while ((await fetch(`http://127.0.0.1:${port}/health/ready`)).status !== 200) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    service.kill('SIGTERM');
  }
  const [code] = await exited;
  if (code !== 0) throw new Error(`${bundle} ended with ${code}`);
}

rmSync(compileCache, { recursive: true, force: true });
const nowhere = 'https://service.invalid';
await Promise.all([
  fillCompileCache(join(outdir, 'caller.cjs'), { RECEIVER_URL: nowhere }),
  fillCompileCache(join(outdir, 'receiver.cjs'), {
    AUDIENCES: nowhere,
    ALLOWED_CALLERS: 'caller@service.invalid',
    TOPIC: 'projects/none/topics/none',
  }),
]);

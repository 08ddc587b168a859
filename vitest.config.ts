import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{services,shared,deploy,local-cloud,rehearsal,tests,benchmarks}/**/*.test.ts'],
    // A machine's own proxy or credentials must not leak into the tests.
    env: {
      HTTPS_PROXY: '',
      https_proxy: '',
      HTTP_PROXY: '',
      http_proxy: '',
      NO_PROXY: '',
      no_proxy: '',
      // Hundreds of processes are started from the same sources.
      NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node'),
    },
    // Much of the time is spent waiting for processes, not computing.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readImageConfig } from './image.ts';

it('reads what the last stage starts, with its folder moved', () => {
  const dockerfile = [
    'FROM node AS build',
    'WORKDIR /build',
    'ENV NOT_THIS=1',
    'CMD ["not-this"]',
    'FROM base',
    'WORKDIR /app',
    'ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/cache \\',
    '    QUOTED="a b"',
    'ENTRYPOINT ["/nodejs/bin/node", "--flag"]',
    'CMD ["/app/dist/caller.cjs", "dist/relative"]',
  ].join('\n');
  expect(readImageConfig(dockerfile, '/here')).toEqual({
    args: ['--flag', '/here/dist/caller.cjs', 'dist/relative'],
    environment: {
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: '/here/cache',
      QUOTED: 'a b',
    },
  });
});

it.each(['caller', 'receiver'])('reads Dockerfile.%s', (service) => {
  const file = join(import.meta.dirname, `../../Dockerfile.${service}`);
  const { args, environment } = readImageConfig(readFileSync(file, 'utf8'), '/here');
  expect(args.at(-1)).toContain(`${service}.cjs`);
  expect(environment.NODE_ENV).toBe('production');
});

it('refuses a Dockerfile that starts nothing', () => {
  expect(() => readImageConfig('FROM base\n', '/here')).toThrow(/no CMD/);
});

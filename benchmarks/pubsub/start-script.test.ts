import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { parseStartScript } from './start-script.ts';

test('reads flags, file and variables', () => {
  expect(parseStartScript('CACHE=a/b exec node --flag=4 local-cloud/main.ts', '/root')).toEqual({
    file: process.execPath,
    args: ['--flag=4', '/root/local-cloud/main.ts'],
    environment: { CACHE: '/root/a/b' },
  });
});

test('reads the one of this project', () => {
  expect(parseStartScript(packageJson.scripts.start, '/root').args.at(-1)).toBe(
    '/root/local-cloud/main.ts',
  );
});

test.each(['tsx main.ts', 'cd x && exec node main.ts'])('refuses %s', (script) => {
  expect(() => parseStartScript(script, '/root')).toThrow('cannot read');
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gcloudCommands } from '../tests/support/gcloud-commands.ts';

const place = ['--project', 'my-project', '--region', 'europe-west1'];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dry-run-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command as npm does, where there is no gcloud. */
function run(script: string, ...args: string[]) {
  return spawnSync(process.execPath, [join(import.meta.dirname, script), ...args], {
    encoding: 'utf8',
    env: { PATH: '/nonexistent' },
  });
}

/** What a shell runs of a script: the words of each gcloud command. */
function wordsOf(script: string): string[][] {
  const fake = `#!/bin/sh
printf '%s\\0' "$@" >> "$LOG"; printf '\\n' >> "$LOG"
case "$1" in projects) echo 123456789012;; config) echo ada@example.com;; esac\n`;
  writeFileSync(join(folder, 'gcloud'), fake, { mode: 0o755 });
  writeFileSync(join(folder, 'log'), '');
  execFileSync('sh', ['-c', script], {
    env: { PATH: `${folder}:/usr/bin:/bin`, LOG: join(folder, 'log') },
  });
  const log = execFileSync('cat', [join(folder, 'log')], { encoding: 'utf8' });
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\0').slice(0, -1));
}

describe('npm run deploy -- --dry-run', () => {
  it('prints a script that a shell runs: without gcloud, and without asking anybody', () => {
    const { stdout, stderr, status } = run('main.ts', ...place, '--dry-run', '--image-tag', 'v1');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const commands = wordsOf(stdout);
    expect(commands.map((words) => words.slice(0, 2).join(' '))).toEqual([
      ...['projects describe', 'config get', 'services enable', 'artifacts repositories'],
      ...['builds submit', 'builds submit', 'iam service-accounts', 'iam service-accounts'],
      ...['pubsub topics', 'pubsub subscriptions', 'run deploy', 'run services'],
      ...['run deploy', 'run services', 'run services', 'run services', 'pubsub topics'],
    ]);
    const words = commands.flat();
    expect(words).toContain(
      '--set-env-vars=RECEIVER_URL=https://receiver-123456789012.europe-west1.run.app',
    );
    expect(words).toContain('--member=user:ada@example.com');
    expect(words).toContain('--description=Images of the services');
  });

  it('asks for nothing that it does not need', () => {
    const { stdout } = run('main.ts', ...place, '--dry-run', '--only', 'events');
    expect(wordsOf(stdout).map((words) => words.slice(0, 3).join(' '))).toEqual([
      ...[
        'pubsub topics create',
        'pubsub subscriptions create',
        'pubsub topics add-iam-policy-binding',
      ],
    ]);
  });
});

it('npm run destroy -- --dry-run prints a script as well', () => {
  const { stdout, status } = run('destroy-main.ts', ...place, '--dry-run');
  expect(status).toBe(0);
  const commands = wordsOf(stdout);
  expect(commands).toHaveLength(7);
  expect(commands.every((words) => words.includes('delete') && words.includes('--quiet'))).toBe(
    true,
  );
});

describe.each(['main.ts', 'destroy-main.ts'])('%s', (script) => {
  it.each([
    ['bad usage', [], /^--project is missing\./],
    ['no gcloud', place, /^gcloud is not on the PATH\. Install it: https/],
    [
      'no topology',
      [...place, '--topology', '/nonexistent.json'],
      /^\/nonexistent\.json has a fault:/,
    ],
  ])('tells a person what is wrong, without a stack: %s', (_title, args, message) => {
    const { stderr, status } = run(script, ...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(1);
  });

  it('has help', () => {
    expect(run(script, '--help').stdout).toMatch(/^npm run \w+ -- --project PROJECT/);
  });
});

const linter = ['meta', 'lint-gcloud-commands'];
const hasGcloud = spawnSync('gcloud', ['--version']).status === 0;
if (!hasGcloud) process.stdout.write('gcloud is not here: its linter does not see the dry runs.\n');

it.runIf(hasGcloud).each([
  ['main.ts', ['--public-caller']],
  ['destroy-main.ts', []],
])('the linter of gcloud accepts what %s prints', (script, more) => {
  const commands = gcloudCommands(run(script, ...place, '--dry-run', ...more).stdout, false);
  const file = join(folder, 'commands.json');
  writeFileSync(file, JSON.stringify(commands.map((command_string) => ({ command_string }))));
  const answer = execFileSync('gcloud', [...linter, `--commands-file=${file}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const results: { success: boolean; command_string: string }[] = JSON.parse(answer);
  expect(results).toHaveLength(commands.length);
  expect(results.filter(({ success }) => !success)).toEqual([]);
});

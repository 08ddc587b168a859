import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deploymentPlan } from '../deploy/plan/deployment-plan.ts';
import { parseTopology, resolveTopology } from '../deploy/topology.ts';
import { gcloudCommands } from './support/gcloud-commands.ts';
import { largeTopology } from './support/large-topology.ts';
import { isInstalled } from './support/program.ts';

const root = join(import.meta.dirname, '..');
const pages = globSync('{*.md,{docs,deploy,local-cloud,benchmarks}/**/*.md}', { cwd: root });
const scripts = globSync('{.github/workflows/*.yml,.ci/*,**/*.sh}', {
  cwd: root,
  exclude: (name) => name === 'node_modules',
});

describe('gcloudCommands', () => {
  it.each<[string, string, string[]]>([
    ['a block', '```sh\ngcloud projects list\n```\n', ['gcloud projects list']],
    ['a block of output', '```text\ngcloud projects list\n```\n', []],
    ['a span', 'Run `gcloud auth login` first.', ['gcloud auth login']],
    ['prose', 'With gcloud installed, and gcloud alone.', []],
    ['a comment', '```sh\n# gcloud does it\n```\n', []],
    ['two lines', '```sh\ngcloud a \\\n  --b=c\n```\n', ['gcloud a --b=c']],
    [
      'the local cloud',
      '```sh\nnpm run -s gcloud -- --as receiver projects list\n```\n',
      ['gcloud projects list'],
    ],
    ['a pipe', '```sh\ngcloud a --b="c|d" | sort\n```\n', ['gcloud a --b="c|d"']],
    ['variables', '```sh\ngcloud a "$B" --c=$D\n```\n', ['gcloud a "x1" --c=x1']],
    [
      'one within another',
      '```sh\ngcloud a "$(gcloud b --c)"\n```\n',
      ['gcloud a "x1"', 'gcloud b --c'],
    ],
  ])('finds what there is in %s', (_title, text, expected) => {
    expect(gcloudCommands(text, true)).toEqual(expected);
  });
});

/** What gcloud's own parser says against each command. It needs neither a login nor the internet. */
function complaints(all: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'gcloud-lint-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // gcloud answers once for a command that is there twice.
  const commands = [...new Set(all)];
  const list = join(folder, 'commands.json');
  writeFileSync(list, JSON.stringify(commands.map((command_string) => ({ command_string }))));
  const { PATH } = process.env;
  const answer = execFileSync(
    'gcloud',
    ['meta', 'lint-gcloud-commands', `--commands-file=${list}`],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { PATH, HOME: folder, CLOUDSDK_CONFIG: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const results: { command_string: string; success: boolean; error_message: string | null }[] =
    JSON.parse(answer);
  expect(results).toHaveLength(commands.length);
  return results
    .filter(({ success }) => !success)
    .map(({ command_string, error_message }) => `${command_string}\n  ${error_message}`);
}

describe.skipIf(!isInstalled('gcloud', 'whether gcloud knows the commands of pages and scripts'))(
  'gcloud knows every command',
  { timeout: 60_000 },
  () => {
    it('of the pages, scripts and workflows', () => {
      const commands = [...pages, ...scripts].flatMap((file) =>
        gcloudCommands(readFileSync(join(root, file), 'utf8'), file.endsWith('.md')),
      );
      expect(commands.length).toBeGreaterThan(10);
      expect(complaints(commands)).toEqual([]);
    });

    it('of a deployment', () => {
      const topology = resolveTopology(parseTopology(largeTopology), {
        ...{ project: 'my-project', projectNumber: '123456789012', region: 'europe-west1' },
        deployer: 'user:ada@example.com',
      });
      const quoted = (args: readonly string[]) =>
        ['gcloud', ...args.map((arg) => `'${arg.replaceAll("'", `'"'"'`)}'`)].join(' ');
      const commands = deploymentPlan(topology, 'v1').flatMap(({ check, args }) => [
        quoted(check.args),
        quoted(args),
      ]);
      expect(complaints(commands)).toEqual([]);
    });

    it('and says so of one that it does not know', () => {
      expect(complaints(['gcloud projects frobnicate'])).toHaveLength(1);
    });
  },
);

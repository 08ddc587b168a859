import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const workflows = globSync('.github/workflows/*.{yml,yaml}', { cwd: root });
const ci = read('.github/workflows/ci.yml');
const deploy = read('.github/workflows/deploy.yml');

/** What follows `key:` on each line that has it, without the comments that stand alone. */
const valuesOf = (text: string, key: string) =>
  [...text.matchAll(new RegExp(`^[ -]*${key}: *(.+)$`, 'gm'))].map(([, value]) => String(value));

/** The lines under each `key:` that are indented deeper, trimmed. */
function blocksOf(text: string, key: string): string[][] {
  const lines = text.split('\n').filter((line) => line.trim() && !line.trim().startsWith('#'));
  const depth = (line = '') => line.search(/[^ -]/);
  return lines.flatMap((line, index) => {
    if (!new RegExp(`^[ -]*${key}:`).test(line)) return [];
    const rest = lines.slice(index + 1);
    const end = rest.findIndex((other) => depth(other) <= depth(line));
    return [rest.slice(0, end === -1 ? undefined : end).map((other) => other.trim())];
  });
}

it('there are a workflow for each change and one for deployments', () => {
  expect(workflows.sort()).toEqual(['.github/workflows/ci.yml', '.github/workflows/deploy.yml']);
});

describe.each(workflows)('%s', (file) => {
  const text = read(file);

  it('takes every action at a commit, with its version beside it', () => {
    const uses = valuesOf(text, 'uses');
    expect(uses.length).toBeGreaterThan(0);
    const pinned = /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(uses.filter((value) => !pinned.test(value))).toEqual([]);
  });

  it('holds no secret', () => {
    expect(text).not.toMatch(/secrets\.|credentials_json|private_key|password/i);
  });

  it('leaves no token of GitHub behind in the checkout', () => {
    const checkouts = text.match(/uses: actions\/checkout@/g);
    expect(text.match(/persist-credentials: false/g)).toHaveLength(checkouts?.length ?? 0);
  });

  it('never pastes an expression into a shell', () => {
    const scripts = [...valuesOf(text, 'run'), ...blocksOf(text, 'run').flat()];
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((line) => line.includes(`\${{`))).toEqual([]);
  });

  it('runs npm scripts that are there', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = valuesOf(text, 'run').flatMap((line) => /^npm run (\w+)/.exec(line)?.[1] ?? []);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('does not run with the rights of this repository for strangers', () => {
    expect(text).not.toMatch(/pull_request_target|workflow_run/);
  });
});

it('both take the same commit of an action', () => {
  const uses = [...new Set([...valuesOf(ci, 'uses'), ...valuesOf(deploy, 'uses')])];
  const actions = uses.map((value) => value.split('@')[0]);
  expect(actions).toEqual([...new Set(actions)]);
});

describe('ci.yml', () => {
  it('may only read', () => {
    expect(blocksOf(ci, 'permissions')).toEqual([['contents: read']]);
  });

  it('runs on every supported version of Node', () => {
    expect(valuesOf(ci, 'node')).toEqual(['[22, 24, 26]']);
  });

  it('builds every image', () => {
    const images = globSync('Dockerfile.*', { cwd: root }).map((name) => name.split('.')[1]);
    expect(valuesOf(ci, 'service')).toEqual([`[${images.sort().join(', ')}]`]);
  });

  it.each(['npm run lint', 'npm run typecheck', 'npm test', 'npm run build'])('runs %s', (step) => {
    expect(valuesOf(ci, 'run')).toContain(step);
  });
});

describe('deploy.yml', () => {
  it('may read, and ask for its identity', () => {
    expect(valuesOf(deploy, 'permissions')).toEqual(['{}']);
    expect(blocksOf(deploy, 'permissions')).toEqual([[], ['contents: read', 'id-token: write']]);
  });

  it('is guarded by an environment, and runs one at a time', () => {
    expect(valuesOf(deploy, 'environment')).toEqual(['production']);
    expect(blocksOf(deploy, 'concurrency')).toEqual([
      ['group: deploy-production', 'cancel-in-progress: false'],
    ]);
  });

  it('deploys, and then tries and compares', () => {
    const scripts = valuesOf(deploy, 'run').map((line) => line.split(' -- ')[0]);
    expect(scripts.slice(-3)).toEqual(['npm run deploy', 'npm run smoke', 'npm run doctor']);
  });
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deployerProjectRoles } from '../local-cloud/iam/seed-from-topology.ts';

const root = join(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/**/*.md', 'local-cloud/*.md', 'deploy/*.md'], { cwd: root });

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => String(target));

  it('links to what is there', () => {
    const dead = links.filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(dead).toEqual([]);
  });

  it('has no comments in commands: zsh takes them for arguments when they are pasted', () => {
    const commands = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, block]) => block);
    expect(commands.filter((block) => /(^|\s)#/m.test(String(block)))).toEqual([]);
  });

  it('names only npm scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name);
    expect(named.filter((name) => !(String(name) in scripts))).toEqual([]);
  });
});

it('deploy/README.md asks for the roles that a rehearsal is played with, in both places', () => {
  const text = readFileSync(join(root, 'deploy/README.md'), 'utf8');
  const [, table = ''] = /\n\| role \| for \|\n([\s\S]*?)\n\n/.exec(text) ?? [];
  const [, loop = ''] = /for role in ([^;]*); do/.exec(text) ?? [];
  const roles = [...deployerProjectRoles].sort();
  expect([...table.matchAll(/`(roles\/[\w.]+)`/g)].map(([, role]) => role).sort()).toEqual(roles);
  expect(
    loop
      .match(/[\w.]{2,}/g)
      ?.map((role) => `roles/${role}`)
      .sort(),
  ).toEqual(roles);
});

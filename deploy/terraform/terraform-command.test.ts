import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { largeTopology } from '../../tests/support/large-topology.ts';
import { isInstalled } from '../../tests/support/program.ts';
import { parseTopology, resolveTopology } from '../topology.ts';

const folder = import.meta.dirname;
const deploy = join(folder, '..');
const target = {
  project: 'my-project',
  projectNumber: '123456789012',
  region: 'europe-west1',
  deployer: 'user:ada@example.com',
};

function terraform(args: readonly string[], cwd: string, input = ''): string {
  const { PATH } = process.env;
  return execFileSync('terraform', args, {
    cwd,
    input,
    encoding: 'utf8',
    env: { PATH, HOME: cwd, CHECKPOINT_DISABLE: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** What Terraform itself makes of locals.tf: that needs no provider, and so no internet. */
function localsFor(topology: string) {
  const copy = mkdtempSync(join(tmpdir(), 'terraform-'));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  const module = join(copy, 'terraform');
  mkdirSync(module);
  for (const file of ['locals.tf', 'variables.tf'])
    copyFileSync(join(folder, file), join(module, file));
  writeFileSync(
    join(module, 'number.tf'),
    `locals { project_number = "${target.projectNumber}" }\n`,
  );
  copyFileSync(join(deploy, 'topology.schema.json'), join(copy, 'topology.schema.json'));
  writeFileSync(join(copy, 'topology.json'), topology);
  const { project, region, deployer } = target;
  const variables = Object.entries({ project, region, deployer, image_tag: 'v1' });
  const answer = terraform(
    ['console', ...variables.flatMap(([name, value]) => ['-var', `${name}=${value}`])],
    module,
    'base64encode(jsonencode([local.services, values(local.invokers), values(local.publishers)]))',
  );
  const [services, invokers, publishers] = JSON.parse(
    Buffer.from(answer.trim().slice(1, -1), 'base64').toString(),
  );
  return { services, invokers, publishers };
}

const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe.skipIf(!isInstalled('terraform', 'the Terraform files with Terraform itself'))(
  'Terraform itself',
  () => {
    it('finds the files formatted', () => {
      expect(terraform(['fmt', '-check', '-diff'], folder)).toBe('');
    });

    it.each([
      ['topology.json', readFileSync(join(deploy, 'topology.json'), 'utf8')],
      ['a topology with everything in it', JSON.stringify(largeTopology)],
    ])('reads %s as the deploy command does', (_title, topology) => {
      const { services, topics } = resolveTopology(parseTopology(JSON.parse(topology)), target);
      const found = localsFor(topology);
      expect(Object.keys(found.services)).toEqual(services.map(({ name }) => name).sort());
      for (const { name, resource, url, urls, serviceAccount, invokers, ...settings } of services) {
        expect(found.services[name]).toMatchObject(settings);
      }
      const invokers = services.flatMap(({ name, invokers }) =>
        [...new Set(invokers)].map((member) => ({ member, service: name })),
      );
      expect(found.invokers.sort(byText)).toEqual(invokers.sort(byText));
      const publishers = topics.flatMap(({ id, publishers }) =>
        publishers.map((member) => ({ member, topic: id })),
      );
      expect(found.publishers.sort(byText)).toEqual(publishers.sort(byText));
    });
  },
);

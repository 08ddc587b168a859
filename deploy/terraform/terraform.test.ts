import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { largeTopology } from '../../tests/support/large-topology.ts';
import { terraformDeployment } from '../../tests/support/terraform-deployment.ts';
import { apis } from '../plan/enable-apis.ts';
import { wantedSettings } from '../plan/service-settings.ts';
import { imageName } from '../plan/step.ts';
import { withPublicEntry } from '../public-entry.ts';
import { parseTopology, type ResolvedBinding, resolveTopology } from '../topology.ts';

const folder = import.meta.dirname;
const target = {
  project: 'my-project',
  projectNumber: '123456789012',
  region: 'europe-west1',
  deployer: 'user:ada@example.com',
};
const deployed = readFileSync(join(folder, '../topology.json'), 'utf8');
const schema = readFileSync(join(folder, '../topology.schema.json'), 'utf8');

/** The JSON block of deploy/README.md. */
function pageTopology(): string {
  const page = readFileSync(join(folder, '../README.md'), 'utf8');
  return /^```json\n(.*?)^```$/ms.exec(page)?.[1] ?? 'no block in deploy/README.md';
}

const topologies = [
  ['topology.json', deployed],
  ["the page's topology with a third service", pageTopology()],
  ['a topology with everything in it', JSON.stringify(largeTopology)],
  [
    'a topology of one service',
    JSON.stringify({ services: { api: { serviceAccount: 'api-account', invokers: [] } } }),
  ],
] as const;

const planned = (topology: string, variables = {}, of = folder) =>
  terraformDeployment(
    of,
    { 'topology.json': topology, 'topology.schema.json': schema },
    target,
    variables,
  );
const resolved = (topology: string) => resolveTopology(parseTopology(JSON.parse(topology)), target);
const lines = (bindings: readonly ResolvedBinding[]) =>
  bindings.map(({ resource, role, member }) => `${member} has ${role} on ${resource}`).sort();
/** A topology may grant the same thing twice, by two names: the deployer's and an account's, say. */
const wanted = (topology: string) => [...new Set(lines(resolved(topology).bindings))];

describe.each(topologies)('Terraform makes of %s', (_title, topology) => {
  it('its bindings and no others', () => {
    expect(lines(planned(topology).bindings)).toEqual(wanted(topology));
  });

  it('its services, set as the deploy command sets them', () => {
    const expected = resolved(topology).services.map((service) => ({
      name: service.name,
      region: 'europe-west1',
      deletionProtection: true,
      settings: wantedSettings(service, imageName(service.image, 'v1', target)),
    }));
    const byName = expected.sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(planned(topology).services).toEqual(byName);
  });

  it('an account for each service', () => {
    const accounts = resolved(topology).services.map(({ serviceAccount }) => serviceAccount);
    expect(planned(topology).accounts).toEqual([...new Set(accounts)].sort());
  });

  it('its URLs, and a request to each service that the deployer may invoke', () => {
    const { services } = resolved(topology);
    const { urls, curl } = planned(topology);
    expect(urls).toEqual(Object.fromEntries(services.map(({ name, url }) => [name, url])));
    const open = services.filter(({ invokers }) => invokers.includes(target.deployer));
    expect(curl.match(/https:\S+(?=\/messages)/g) ?? []).toEqual(open.map(({ url }) => url));
  });

  it('its topics and subscriptions', () => {
    const { topics, subscriptions } = planned(topology);
    const expected = resolved(topology);
    expect(topics).toEqual(expected.topics.map(({ name }) => name).sort());
    expect(subscriptions).toEqual(expected.subscriptions.map(({ id, topic }) => ({ id, topic })));
  });
});

it('Terraform enables the APIs that the deploy command enables', () => {
  expect(planned(deployed).apis).toEqual([...apis].sort());
});

describe('the variables', () => {
  it('public_caller opens what --public-caller opens', () => {
    const open = JSON.stringify(withPublicEntry(parseTopology(JSON.parse(deployed))));
    const bindings = lines(planned(deployed, { public_caller: true }).bindings);
    expect(bindings).toEqual(wanted(open));
    expect(bindings.filter((line) => line.startsWith('allUsers '))).toEqual([
      expect.stringMatching(/ has roles\/run\.invoker on .*\/services\/caller$/),
    ]);
  });

  it('deletion_protection reaches every service', () => {
    const { services } = planned(deployed, { deletion_protection: false });
    expect(services.map(({ deletionProtection }) => deletionProtection)).toEqual([false, false]);
  });

  it('each say what they are for', () => {
    const text = readFileSync(join(folder, 'variables.tf'), 'utf8');
    const variables = text.match(/^variable /gm);
    expect(text.match(/^ {2}description = "[^"]{20,}"$/gm)).toHaveLength(variables?.length ?? 0);
  });
});

it('a placeholder that names nothing stops Terraform', () => {
  const topology = JSON.parse(deployed);
  topology.services.caller.environment.OTHER = `\${services.nobody.url}`;
  expect(() => planned(JSON.stringify(topology))).toThrow(/there is no .*services\.nobody\.url/);
});

describe('drift is found', () => {
  const copies: string[] = [];
  afterEach(() => {
    for (const copy of copies.splice(0)) rmSync(copy, { recursive: true });
  });

  /** The Terraform files with one of them edited. */
  function edited(file: string, edit: (text: string) => string): string {
    const copy = mkdtempSync(join(tmpdir(), 'terraform-'));
    copies.push(copy);
    cpSync(folder, copy, { recursive: true, filter: (path) => !path.includes('.terraform') });
    const before = readFileSync(join(copy, file), 'utf8');
    const after = edit(before);
    expect(after).not.toBe(before);
    writeFileSync(join(copy, file), after);
    return copy;
  }

  it.each<[string, string, (text: string) => string]>([
    ['another role', 'bindings.tf', (text) => text.replace('roles/run.invoker', 'roles/run.admin')],
    [
      'another member',
      'locals.tf',
      (text) =>
        text.replace('member == "deployer" ? var.deployer', 'member == "deployer" ? "allUsers"'),
    ],
    [
      'another binding',
      'bindings.tf',
      (text) =>
        `${text}\nresource "google_pubsub_topic_iam_member" "extra" {\n  topic  = "events"\n  role   = "roles/pubsub.publisher"\n  member = "allUsers"\n}\n`,
    ],
    [
      'a binding less',
      'locals.tf',
      (text) => text.replace('for member in topic.publishers', 'for member in []'),
    ],
  ])('%s', (_title, file, edit) => {
    const { bindings } = planned(deployed, {}, edited(file, edit));
    expect(lines(bindings)).not.toEqual(wanted(deployed));
  });

  it.each<[string, string, (text: string) => string, RegExp]>([
    [
      'a grant on the project',
      'bindings.tf',
      (text) =>
        `${text}\nresource "google_project_iam_member" "extra" {\n  project = var.project\n  role    = "roles/editor"\n  member  = "allUsers"\n}\n`,
      /google_project_iam_member\.extra: no topology asks for/,
    ],
    [
      'grants that a module makes',
      'bindings.tf',
      (text) => `${text}\nmodule "extra" {\n  source = "./extra"\n}\n`,
      /knows no block module/,
    ],
    [
      'a program that runs while planning',
      'project.tf',
      (text) => `${text}\ndata "external" "extra" {\n  program = ["sh"]\n}\n`,
      /knows no data\.external\.extra/,
    ],
    [
      'a grant with a condition',
      'bindings.tf',
      (text) =>
        text.replace(
          'member = each.value.member',
          'member = each.value.member\n\n  condition {\n    title = "x"\n    expression = "true"\n  }',
        ),
      /condition/,
    ],
    [
      'a service without its own account',
      'services.tf',
      (text) => text.replace(/^ *service_account .*$/m, ''),
      /service_account/,
    ],
    [
      'a service that skips IAM',
      'services.tf',
      (text) => text.replace(/^( *)location /m, '$1invoker_iam_disabled = true\n$1location '),
      /invoker_iam_disabled/,
    ],
  ])('%s', (_title, file, edit, message) => {
    expect(() => planned(deployed, {}, edited(file, edit))).toThrow(message);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  loadTopology,
  parseTopology,
  resolveTopology,
  type Topology,
  TopologyError,
} from './topology.ts';
import { topologyJsonSchema } from './topology-schema.ts';

const target = {
  project: 'demo-project',
  projectNumber: '123456789012',
  region: 'europe-west1',
  deployer: 'user:developer@example.com',
};

function faultsOf(json: unknown): readonly string[] {
  try {
    parseTopology(json);
    return [];
  } catch (error) {
    if (error instanceof TopologyError) return error.faults;
    throw error;
  }
}

const minimal = () => ({
  services: {
    api: { serviceAccount: 'api-account', invokers: ['deployer'] },
  } as Record<string, unknown>,
});

describe('topology.json', () => {
  it('is sound', () => {
    expect(Object.keys(loadTopology().services)).toEqual(['receiver', 'caller']);
  });

  it('has an up-to-date JSON Schema (npx node deploy/write-topology-schema.ts)', () => {
    const file = readFileSync(new URL('./topology.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(topologyJsonSchema())));
  });

  it('needs a file that can be read', () => {
    expect(() => loadTopology('/nonexistent/topology.json')).toThrow(
      /^\/nonexistent\/topology\.json has a fault:\n {2}the file: cannot be read \(ENOENT/,
    );
  });

  it('needs a file that is JSON', () => {
    expect(() => loadTopology(new URL('./topology.test.ts', import.meta.url))).toThrow(
      /topology\.test\.ts has a fault:\n {2}the file: is not JSON/,
    );
  });
});

describe('parseTopology', () => {
  it.each<[string, unknown, string]>([
    ['no object', 'x', 'the file: expected object, received string'],
    ['no services', {}, 'services: is missing (expected record)'],
    ['unknown key', { ...minimal(), topic: {} }, 'the file: unknown key "topic"'],
    [
      'missing account',
      { services: { api: { invokers: [] } } },
      'services.api.serviceAccount: is missing (expected string)',
    ],
    [
      'short account',
      { services: { api: { serviceAccount: 'api', invokers: [] } } },
      'services.api.serviceAccount: must be a service account id: 6–30 lower-case letters, digits and hyphens, starting with a letter',
    ],
    ...['123456789012-compute@developer.gserviceaccount.com', '123456789012-compute'].map(
      (serviceAccount): [string, unknown, string] => [
        `default account ${serviceAccount}`,
        { services: { api: { serviceAccount, invokers: [] } } },
        'services.api.serviceAccount: must not be the default compute account, which often may do everything: give the service an account of its own',
      ],
    ),
    [
      'more instances at least than at most',
      { services: { api: { serviceAccount: 'api-account', invokers: [], minInstances: 11 } } },
      'services.api.minInstances: must not be more than maxInstances (default 10)',
    ],
    [
      'bad name',
      { services: { Api_: { serviceAccount: 'api-account', invokers: [] } } },
      'services.Api_: the name must be a Cloud Run service name: 1–49 lower-case letters, digits and hyphens, starting with a letter',
    ],
    [
      'unknown invoker',
      { services: { api: { serviceAccount: 'api-account', invokers: ['service:web'] } } },
      'services.api.invokers.0: there is no service "web" (known: api)',
    ],
    [
      'member without type',
      { services: { api: { serviceAccount: 'api-account', invokers: ['ada@example.com'] } } },
      'services.api.invokers.0: must be service:<name>, deployer, or an IAM member such as user:ada@example.com, group:team@example.com, domain:example.com or allUsers',
    ],
    [
      'group that is not declared',
      { services: { api: { serviceAccount: 'api-account', invokers: ['group:a@example.com'] } } },
      'services.api.invokers.0: there is no group "a@example.com" under groups',
    ],
    [
      'domain that is not declared',
      {
        services: { api: { serviceAccount: 'api-account', invokers: ['domain:example.org'] } },
        domains: ['example.com'],
      },
      'services.api.invokers.0: there is no domain "example.org" under domains (known: example.com)',
    ],
    [
      'service in a group',
      { ...minimal(), groups: { 'a@example.com': ['service:web'] } },
      'groups.a@example.com.0: there is no service "web" (known: api)',
    ],
    [
      'everybody in a group',
      { ...minimal(), groups: { 'a@example.com': ['allUsers'] } },
      'groups.a@example.com.0: must be service:<name>, deployer, or user:, serviceAccount: or group: with an e-mail address',
    ],
    [
      'group without an address',
      { ...minimal(), groups: { team: [] } },
      'groups.team: the name must be the e-mail address of a group, such as team@example.com',
    ],
    [
      'no domain',
      { ...minimal(), domains: ['example'] },
      'domains.0: must be a domain such as example.com',
    ],
    [
      'missing topic',
      { ...minimal(), subscriptions: { reader: { topic: 'events' } } },
      'subscriptions.reader.topic: there is no topic "events"',
    ],
  ])('refuses: %s', (_title, json, fault) => {
    expect(faultsOf(json)).toEqual([fault]);
  });

  it.each([
    [
      `\${services.web.url}`,
      `\${services.web.url} names a service that does not exist (known: api)`,
    ],
    [`\${topics.events.name}`, `\${topics.events.name} names a topic that does not exist`],
    [`\${project}`, `\${project} is not a placeholder; there are: \${services.<name>.url}, `],
    [`\${services.api.url`, `a placeholder is not closed; there are: \${services.<name>.url}, `],
  ])('refuses the environment value %s', (value, fault) => {
    const services = {
      api: { serviceAccount: 'api-account', invokers: [], environment: { X: value } },
    };
    const [first, ...more] = faultsOf({ services });
    expect(first).toContain(`services.api.environment.X: ${fault}`);
    expect(more).toEqual([]);
  });

  it('refuses variables that Cloud Run sets', () => {
    const services = {
      api: { serviceAccount: 'api-account', invokers: [], environment: { PORT: '1' } },
    };
    expect(faultsOf({ services })).toEqual([
      'services.api.environment.PORT: the name is set by Cloud Run itself',
    ]);
  });

  it('lists faults of shape and of references together', () => {
    const json = {
      services: { api: { serviceAccount: 'x', invokers: ['service:web'] } },
      subscriptions: { reader: { topic: 'events', filter: 'a' } },
    };
    expect(faultsOf(json)).toHaveLength(4);
  });
});

describe('resolveTopology', () => {
  const resolved = resolveTopology(loadTopology(), target);

  it('grants exactly three things', () => {
    expect(resolved.bindings).toEqual([
      {
        resource:
          '//run.googleapis.com/projects/demo-project/locations/europe-west1/services/receiver',
        role: 'roles/run.invoker',
        member: 'serviceAccount:caller@demo-project.iam.gserviceaccount.com',
      },
      {
        resource:
          '//run.googleapis.com/projects/demo-project/locations/europe-west1/services/caller',
        role: 'roles/run.invoker',
        member: 'user:developer@example.com',
      },
      {
        resource: '//pubsub.googleapis.com/projects/demo-project/topics/events',
        role: 'roles/pubsub.publisher',
        member: 'serviceAccount:receiver@demo-project.iam.gserviceaccount.com',
      },
    ]);
  });

  it('fills in the environment', () => {
    const [receiver, caller] = resolved.services;
    expect(receiver?.environment).toEqual({
      AUDIENCES: 'https://receiver-123456789012.europe-west1.run.app',
      ALLOWED_CALLERS: 'caller@demo-project.iam.gserviceaccount.com',
      TOPIC: 'projects/demo-project/topics/events',
    });
    expect(caller?.environment).toEqual({
      RECEIVER_URL: 'https://receiver-123456789012.europe-west1.run.app',
    });
  });

  it('gives each service both of its URLs, the same every time', () => {
    const urls = resolved.services[0]?.urls ?? [];
    expect(urls).toHaveLength(2);
    expect(urls[1]).toMatch(/^https:\/\/receiver-[a-z]{10}-ew\.a\.run\.app$/);
    expect(resolveTopology(loadTopology(), target).services[0]?.urls).toEqual(urls);
    const elsewhere = { ...target, projectNumber: '210987654321' };
    expect(resolveTopology(loadTopology(), elsewhere).services[0]?.urls[1]).not.toBe(urls[1]);
  });

  it('makes two letters of its own for a region it does not know', () => {
    const moon = resolveTopology(loadTopology(), { ...target, region: 'moon-west1' });
    expect(moon.services[0]?.urls[1]).toMatch(
      /^https:\/\/receiver-[a-z]{10}-[a-z]{2}\.a\.run\.app$/,
    );
  });

  it('fills in groups, and writes addresses in lower case', () => {
    const topology = parseTopology({
      ...minimal(),
      groups: {
        'Team@example.com': ['service:api', 'deployer', 'group:b@example.com'],
        'b@example.com': [],
      },
      domains: ['Example.com'],
    });
    const { groups, domains } = resolveTopology(topology, target);
    expect(groups).toEqual({
      'team@example.com': [
        'serviceAccount:api-account@demo-project.iam.gserviceaccount.com',
        'user:developer@example.com',
        'group:b@example.com',
      ],
      'b@example.com': [],
    });
    expect(domains).toEqual(['example.com']);
  });

  it('resolves subscriptions and passes other IAM members through', () => {
    const topology: Topology = parseTopology({
      services: {},
      topics: { events: { publishers: ['group:team@example.com'] } },
      subscriptions: { reader: { topic: 'events' } },
      groups: { 'team@example.com': [] },
    });
    const { subscriptions, bindings } = resolveTopology(topology, target);
    expect(subscriptions).toEqual([
      {
        id: 'reader',
        name: 'projects/demo-project/subscriptions/reader',
        resource: '//pubsub.googleapis.com/projects/demo-project/subscriptions/reader',
        topic: 'projects/demo-project/topics/events',
      },
    ]);
    expect(bindings[0]?.member).toBe('group:team@example.com');
  });
});

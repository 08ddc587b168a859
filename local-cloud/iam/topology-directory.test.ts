import { expect, it } from 'vitest';
import { parseTopology, resolveTopology } from '../../deploy/topology.ts';
import { standingClock } from '../../tests/support/standing-clock.ts';
import type { Principal } from './access.ts';
import { Iam } from './iam.ts';
import { seedFromTopology } from './seed-from-topology.ts';
import { topologyDirectory } from './topology-directory.ts';

const topology = resolveTopology(
  parseTopology({
    services: {
      api: {
        serviceAccount: 'api-account',
        invokers: ['group:Team@example.com', 'domain:Corp.example'],
      },
    },
    groups: {
      'team@example.com': ['user:ann@example.com', 'group:inner@example.com'],
      'Inner@example.com': ['service:api', 'deployer', 'group:team@example.com'],
    },
    domains: ['corp.example'],
  }),
  {
    project: 'demo-project',
    projectNumber: '123456789012',
    region: 'europe-west1',
    deployer: 'user:developer@example.com',
  },
);
const resource = topology.services[0]?.resource ?? '';

function seeded() {
  const iam = new Iam({ clock: standingClock(), directory: topologyDirectory(topology) });
  seedFromTopology(iam.policies, topology);
  return iam;
}

it.each<[principal: Principal, allowed: boolean]>([
  ['user:ann@example.com', true],
  ['serviceAccount:api-account@demo-project.iam.gserviceaccount.com', true],
  ['user:developer@example.com', true],
  ['user:eve@corp.example', true],
  ['user:eve@example.com', false],
])('%s may invoke through the groups and domains of the topology: %s', (principal, allowed) => {
  const decision = seeded().check({ principal, permission: 'run.routes.invoke', resource });
  expect(decision.allowed).toBe(allowed);
});

it.each([
  [
    'group:others@example.com',
    'Group others@example.com does not exist. Declare it under "groups"',
  ],
  ['domain:example.org', 'Domain example.org does not exist. Declare it under "domains"'],
])('%s is refused, saying where to declare it', (member, message) => {
  const { policies } = seeded();
  expect(() => policies.addBinding(resource, 'roles/run.invoker', member)).toThrow(message);
});

import { describe, expect, it } from 'vitest';
import { withPublicEntry } from '../public-entry.ts';
import { loadTopology, parseTopology, resolveTopology, type Topology } from '../topology.ts';
import { calledFirst, deploymentPlan, namesIn } from './deployment-plan.ts';

const target = {
  project: 'my-project',
  projectNumber: '123456789012',
  region: 'europe-west1',
  deployer: 'user:ada@example.com',
};
const planOf = (topology: Topology) => deploymentPlan(resolveTopology(topology, target), 'v1');
const commandsOf = (topology: Topology) => planOf(topology).map(({ args }) => args.join(' '));

/** The topology of the project with one service more: one edit of one file. */
const withAuditor = () => {
  const topology = loadTopology();
  return parseTopology({
    ...topology,
    services: {
      ...topology.services,
      auditor: {
        serviceAccount: 'auditor',
        image: 'caller',
        invokers: ['deployer'],
        environment: { RECEIVER_URL: `\${services.receiver.url}` },
      },
    },
  });
};

describe('deploymentPlan', () => {
  it('sets everything of a service', () => {
    const receiver = planOf(loadTopology()).find(({ title }) =>
      title.startsWith('Deploy receiver'),
    );
    expect(receiver?.args).toEqual([
      'run',
      'deploy',
      'receiver',
      '--image=europe-west1-docker.pkg.dev/my-project/services/receiver:v1',
      '--service-account=receiver@my-project.iam.gserviceaccount.com',
      '--update-labels=made-by=npm-run-deploy',
      '--no-allow-unauthenticated',
      '--invoker-iam-check',
      '--ingress=all',
      '--set-env-vars=AUDIENCES=https://receiver-123456789012.europe-west1.run.app,ALLOWED_CALLERS=caller@my-project.iam.gserviceaccount.com,TOPIC=projects/my-project/topics/events',
      '--clear-custom-audiences',
      '--cpu=1',
      '--memory=512Mi',
      '--concurrency=80',
      '--min-instances=0',
      '--max-instances=10',
      '--timeout=60',
      '--cpu-boost',
      '--cpu-throttling',
      '--startup-probe=httpGet.path=/health/ready,periodSeconds=1,timeoutSeconds=1,failureThreshold=60',
      '--liveness-probe=httpGet.path=/health/live,periodSeconds=10,timeoutSeconds=1,failureThreshold=3',
      '--region=europe-west1',
      '--project=my-project',
    ]);
  });

  it('names the project in every command, and grants nothing on it', () => {
    for (const command of commandsOf(withAuditor())) {
      expect(command).toContain('--project=my-project');
      expect(command).not.toMatch(/^projects /);
    }
  });

  it('grants exactly the bindings of the topology', () => {
    const resolved = resolveTopology(withAuditor(), target);
    const granted = deploymentPlan(resolved, 'v1')
      .filter(({ group }) => group === 'bindings')
      .map(({ args }) => args.slice(3, 6));
    expect(granted).toEqual(
      resolved.bindings.map(({ resource, role, member }) => [
        resource.split('/').at(-1),
        `--member=${member}`,
        `--role=${role}`,
      ]),
    );
  });

  it('has an account, a service and a binding for a third service, and no image of its own', () => {
    const before = commandsOf(loadTopology());
    const added = commandsOf(withAuditor()).filter((command) => !before.includes(command));
    expect(added.map((command) => command.split(' --')[0])).toEqual([
      'iam service-accounts create auditor',
      'run deploy auditor',
      'run services update-traffic auditor',
      'run services remove-iam-policy-binding auditor',
      'run services add-iam-policy-binding auditor',
    ]);
    expect(added[1]).toContain('/services/caller:v1');
  });

  it('finds the image of a service by the name of the service', () => {
    const images = planOf(withAuditor()).filter(({ group }) => group === 'images');
    expect(images.map(({ subjects }) => subjects)).toEqual([
      ['receiver', 'receiver'],
      ['caller', 'caller', 'auditor'],
    ]);
  });

  it('makes an account once, whoever shares it', () => {
    const topology = withAuditor();
    const auditor = { ...topology.services.auditor, serviceAccount: 'caller' };
    const shared = parseTopology({ ...topology, services: { ...topology.services, auditor } });
    const accounts = planOf(shared).filter(({ group }) => group === 'accounts');
    expect(accounts.map(({ title }) => title)).toEqual([
      'Make the account of receiver: receiver@my-project.iam.gserviceaccount.com',
      'Make the account of caller and auditor: caller@my-project.iam.gserviceaccount.com',
    ]);
  });

  it('opens the entry alone when the caller is to be public', () => {
    const commands = commandsOf(withPublicEntry(loadTopology()));
    const open = commands
      .filter((command) => / --allow-unauthenticated|allUsers/.test(command))
      .filter((command) => !command.includes(' remove-iam-policy-binding '));
    expect(open).toEqual([
      expect.stringMatching(/^run deploy caller .*--allow-unauthenticated/),
      expect.stringMatching(/^run services add-iam-policy-binding caller --member=allUsers /),
    ]);
  });

  it.each([
    ['invoked by itself', { api: ['deployer', 'service:api'] }, 'none'],
    ['invoked by nobody', { api: [] }, 'none'],
    ['a group may hold services', { api: ['deployer', 'group:all@example.com'] }, 'none'],
    [
      'an account may be that of a service',
      { api: ['deployer', 'serviceAccount:a@b.example'] },
      'none',
    ],
    ['it may be either', { api: ['deployer'], web: ['deployer'] }, 'api, web'],
  ])('opens nothing if it is not clear what is meant: %s', (_title, invokers, found) => {
    const services = Object.fromEntries(
      Object.entries(invokers).map(([name, members]) => [
        name,
        { serviceAccount: `${name}-account`, invokers: members },
      ]),
    );
    const topology = parseTopology({ services, groups: { 'all@example.com': ['service:api'] } });
    expect(() => withPublicEntry(topology)).toThrow(`here that is: ${found}.`);
  });

  it('says what --only may name', () => {
    expect(namesIn(planOf(loadTopology()))).toEqual([
      ...['apis', 'registry', 'images', 'receiver', 'caller', 'accounts', 'pubsub', 'events'],
      ...['events-reader', 'services', 'bindings'],
    ]);
  });
});

describe('calledFirst', () => {
  const order = (calls: Record<string, string[]>) => {
    const services = Object.fromEntries(
      Object.entries(calls).map(([name, called]) => {
        const environment = Object.fromEntries(
          called.map((other, index) => [`URL_${index}`, `\${services.${other}.url}`]),
        );
        return [name, { serviceAccount: `${name}-account`, invokers: [], environment }];
      }),
    );
    const resolved = resolveTopology(parseTopology({ services }), target);
    return calledFirst(resolved.services).map(({ name }) => name);
  };

  it.each([
    ['nobody calls', { a: [], b: [] }, ['a', 'b']],
    ['the first calls the last', { a: ['c'], b: [], c: [] }, ['c', 'a', 'b']],
    ['a chain', { a: ['b'], b: ['c'], c: [] }, ['c', 'b', 'a']],
    ['one knows itself', { a: ['a'], b: [] }, ['a', 'b']],
    ['two call each other', { a: ['b'], b: ['a'] }, ['b', 'a']],
    ['names that begin alike', { ab: [], a: ['b'], b: [] }, ['ab', 'b', 'a']],
  ])('orders: %s', (_title, calls, expected) => {
    expect(order(calls)).toEqual(expected);
  });
});

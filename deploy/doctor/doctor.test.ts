import { describe, expect, it } from 'vitest';
import { DeployedProject } from '../../tests/support/deployed-project.ts';
import {
  account,
  ada,
  type Case,
  containerOf,
  eve,
  examine,
  expectFinding,
  resolved,
} from '../../tests/support/doctor-fixture.ts';
import { loadTopology, parseTopology } from '../topology.ts';
import { readLiveState } from './read-live-state.ts';
import { describeFindings } from './report.ts';

const otherCases: Case[] = [
  [
    'no account',
    (p) => p.accounts.splice(0, 1),
    {
      ...{ severity: 'error', code: 'account-missing', what: /does not exist/ },
      where: `service account ${account('receiver')}`,
      mend: /iam service-accounts create receiver /,
    },
  ],
  [
    'an account that is disabled',
    (p) => Object.assign(p.accounts[0] ?? {}, { disabled: true }),
    {
      ...{ severity: 'error', code: 'account-disabled', what: /is disabled/ },
      where: `service account ${account('receiver')}`,
      mend: /iam service-accounts enable receiver@/,
    },
  ],
  [
    'a key file',
    (p) => {
      p.keys[account('caller')] = [{ name: `projects/p/serviceAccounts/c/keys/0123abcd` }];
    },
    {
      ...{ severity: 'error', code: 'account-key', what: /key file of it: 0123abcd$/ },
      where: `service account ${account('caller')}`,
      mend: /keys delete 0123abcd --iam-account=caller@/,
    },
  ],
  [
    'no topic',
    (p) => p.topics.splice(0),
    {
      ...{ severity: 'error', code: 'topic-missing', where: 'topic events', what: /not exist/ },
      mend: /pubsub topics create events /,
    },
  ],
  [
    'no subscription',
    (p) => p.subscriptions.splice(0),
    {
      ...{ severity: 'error', code: 'subscription-missing', what: /not exist/ },
      where: 'subscription events-reader',
      mend: /subscriptions create events-reader --topic=events /,
    },
  ],
  [
    'a subscription whose topic was deleted',
    (p) => Object.assign(p.subscriptions[0] ?? {}, { topic: '_deleted-topic_' }),
    {
      ...{ severity: 'error', code: 'subscription-elsewhere', what: /_deleted-topic_, not to/ },
      where: 'subscription events-reader',
      mend: /subscriptions delete events-reader/,
    },
  ],
  [
    'a subscription that pushes',
    (p) => Object.assign(p.subscriptions[0]?.pushConfig ?? {}, { pushEndpoint: 'https://x.test' }),
    {
      ...{ severity: 'error', code: 'subscription-elsewhere', what: /to https:\/\/x\.test$/ },
      where: 'subscription events-reader',
      mend: /modify-push-config/,
    },
  ],
  [
    'another subscription',
    (p) =>
      p.subscriptions.push({
        ...{ name: 'projects/my-project/subscriptions/spy', pushConfig: {} },
        topic: 'projects/my-project/topics/events',
      }),
    { severity: 'info', code: 'foreign-subscription', where: 'topic events', what: /spy reads it/ },
  ],
  [
    'a policy that cannot be read',
    (p) => {
      p.failures['projects get-iam-policy'] = 'PERMISSION_DENIED: no\n- details';
    },
    {
      ...{ severity: 'error', code: 'unreadable', where: 'the policy of the project' },
      what: /^cannot be read: PERMISSION_DENIED: no$/,
      mend: /^gcloud projects get-iam-policy my-project --format=json$/,
    },
  ],
  [
    'services in another shape',
    (p) => Object.assign(p.services[0] ?? {}, { spec: 1 }),
    {
      ...{ severity: 'error', code: 'unreadable', where: 'the services' },
      what: /cannot be read: gcloud printed something unexpected/,
    },
  ],
];

describe('doctor finds', () => {
  it.each(otherCases)('%s', async (_title, change, finding) => {
    await expectFinding(change, finding);
  });
});

describe('doctor has nothing to say of', () => {
  it.each<[string, (project: DeployedProject) => void]>([
    ['what was just deployed', () => {}],
    [
      'capitals in an address',
      (p) => p.policyOf('run services caller')[0]?.members.splice(0, 1, 'user:Ada@Example.com'),
    ],
    [
      'the one who deploys acting as an account',
      (p) =>
        p
          .policyOf(`iam service-accounts ${account('caller')}`)
          .push({ role: 'roles/iam.serviceAccountUser', members: [ada] }),
    ],
    [
      "Google's own accounts",
      (p) =>
        p.projectPolicy.push(
          {
            role: 'roles/iam.serviceAccountTokenCreator',
            members: ['serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com'],
          },
          {
            role: 'roles/run.invoker',
            members: ['serviceAccount:123456789012@cloudservices.gserviceaccount.com'],
          },
        ),
    ],
    [
      'people with roles on the project that a deployment needs',
      (p) => p.projectPolicy.push({ role: 'roles/run.admin', members: [eve] }),
    ],
    [
      'an old revision that has a tag and no traffic',
      (p) =>
        p.service('caller').spec.traffic.push({ revisionName: 'caller-00001-old', percent: 0 }),
    ],
    [
      'CPUs written otherwise',
      (p) => Object.assign(containerOf(p, 'caller').resources.limits, { cpu: '1' }),
    ],
  ])('%s', async (_title, change) => {
    expect(await examine(change)).toEqual([]);
  });

  it('a caller that is public because the topology says so', async () => {
    const topology = loadTopology();
    topology.services.caller?.invokers.push('allUsers');
    expect(await examine(() => {}, resolved(parseTopology(topology)))).toEqual([]);
  });
});

it('several findings come with the worst first, and are counted', async () => {
  const topology = resolved();
  const findings = await examine((p) => {
    p.policyOf('run services receiver').splice(0);
    p.service('caller').spec.template.spec.timeoutSeconds = 1;
    p.projectPolicy.push({ role: 'roles/run.invoker', members: [eve] });
  });
  expect(findings.map(({ severity }) => severity)).toEqual(['error', 'warning', 'warning']);
  const text = describeFindings(findings, topology, (_style, plain) => plain);
  expect(text).toMatch(/^✗ error {3}service receiver: serviceAccount:caller@.* has no roles/);
  expect(text).toContain(
    '\n            $ gcloud run services add-iam-policy-binding receiver \\\n',
  );
  expect(text).toMatch(/\n1 error, 2 warnings\.$/);
});

it('the summary of a sound deployment tells what was looked at and what was not', () => {
  const text = describeFindings([], resolved(), (_style, plain) => plain);
  expect(text).toMatch(/^✓ Nothing to report/);
  expect(text).toMatch(/checked: services receiver, caller: /);
  expect(text).toMatch(/not checked: /);
});

it('asks only what it must: with commands that read, of what exists', async () => {
  const topology = resolved();
  const project = new DeployedProject(topology);
  project.services.splice(0);
  await readLiveState(project.gcloud, topology);
  const verbs = project.commands.map((command) => /\b(list|get-iam-policy)\b/.exec(command)?.[1]);
  expect(new Set(verbs)).toEqual(new Set(['list', 'get-iam-policy']));
  expect(project.commands.filter((command) => command.startsWith('run services get'))).toEqual([]);
});

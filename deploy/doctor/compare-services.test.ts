import { describe, expect, it } from 'vitest';
import type { DeployedProject } from '../../tests/support/deployed-project.ts';
import {
  account,
  type Case,
  compute,
  containerOf,
  examine,
  expectFinding,
} from '../../tests/support/doctor-fixture.ts';

const onReceiver = { where: 'service receiver' };
const setVariable = (project: DeployedProject, service: string, name: string, value: string) => {
  const variable = containerOf(project, service).env.find((candidate) => candidate.name === name);
  Object.assign(variable ?? {}, { value });
};

const serviceCases: Case[] = [
  [
    'no receiver',
    (p) => p.services.splice(0, 1),
    {
      ...{ severity: 'error', code: 'service-missing', ...onReceiver, what: /does not exist/ },
      mend: /^npm run deploy -- --project my-project --region europe-west1$/,
    },
  ],
  [
    'no account of its own',
    (p) => {
      p.service('receiver').spec.template.spec.serviceAccountName = undefined;
    },
    {
      ...{ severity: 'error', code: 'default-account', ...onReceiver },
      what: /runs as the default compute account$/,
      mend: /--service-account=receiver@/,
    },
  ],
  [
    'the default compute account',
    (p) => {
      p.service('receiver').spec.template.spec.serviceAccountName = compute;
    },
    { severity: 'error', code: 'default-account', ...onReceiver, what: /default compute account/ },
  ],
  [
    "the caller's account",
    (p) => {
      p.service('receiver').spec.template.spec.serviceAccountName = account('caller');
    },
    { severity: 'error', code: 'other-account', ...onReceiver, what: /runs as caller@/ },
  ],
  [
    'another audience',
    (p) => setVariable(p, 'receiver', 'AUDIENCES', 'https://example.com'),
    {
      ...{ severity: 'error', code: 'environment', ...onReceiver },
      what: /^AUDIENCES is https:\/\/example\.com, not https:\/\/receiver-123456789012\./,
      mend: /--update-env-vars=AUDIENCES=https:\/\/receiver-/,
    },
  ],
  [
    'another allowed caller',
    (p) => setVariable(p, 'receiver', 'ALLOWED_CALLERS', `${account('caller')},eve@example.com`),
    { severity: 'error', code: 'environment', ...onReceiver, what: /^ALLOWED_CALLERS is / },
  ],
  [
    'another receiver',
    (p) => setVariable(p, 'caller', 'RECEIVER_URL', 'https://example.com'),
    { severity: 'error', code: 'environment', where: 'service caller', what: /^RECEIVER_URL is / },
  ],
  [
    'a variable that is gone',
    (p) => containerOf(p, 'receiver').env.splice(0, 1),
    { severity: 'error', code: 'environment', ...onReceiver, what: /^AUDIENCES is not set, not / },
  ],
  [
    'a variable from a secret',
    (p) =>
      containerOf(p, 'receiver').env.splice(0, 1, {
        name: 'AUDIENCES',
        valueFrom: { secretKeyRef: {} },
      }),
    { severity: 'error', code: 'environment', ...onReceiver, what: /is taken from a secret, not/ },
  ],
  [
    'a variable too many, without its value',
    (p) => containerOf(p, 'caller').env.push({ name: 'API_KEY', value: 'hunter2' }),
    {
      ...{ severity: 'warning', code: 'environment', where: 'service caller' },
      what: /^the variable API_KEY is set, which is not in the topology$/,
      mend: /--remove-env-vars=API_KEY$/,
    },
  ],
  [
    'credentials from a file',
    (p) =>
      containerOf(p, 'caller').env.push({ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: '/k' }),
    { severity: 'error', code: 'environment', where: 'service caller', what: /CREDENTIALS is set/ },
  ],
  [
    'a custom audience',
    (p) =>
      Object.assign(p.service('receiver').metadata.annotations, {
        'run.googleapis.com/custom-audiences': '["https://example.com"]',
      }),
    {
      ...{ severity: 'error', code: 'custom-audiences', ...onReceiver },
      what: /are https:\/\/example\.com, not none/,
      mend: /--clear-custom-audiences$/,
    },
  ],
  [
    'the invoker check switched off',
    (p) =>
      Object.assign(p.service('receiver').metadata.annotations, {
        'run.googleapis.com/invoker-iam-disabled': 'True',
      }),
    {
      ...{ severity: 'error', code: 'invoker-check-off', ...onReceiver, what: /does not ask IAM/ },
      mend: /--invoker-iam-check$/,
    },
  ],
  [
    'another ingress',
    (p) =>
      Object.assign(p.service('receiver').metadata.annotations, {
        'run.googleapis.com/ingress': 'internal',
      }),
    {
      ...{ severity: 'warning', code: 'ingress', ...onReceiver, what: /"internal", not "all"/ },
      mend: /--ingress=all$/,
    },
  ],
  [
    'other limits',
    (p) => {
      const { spec, metadata } = p.service('receiver').spec.template;
      Object.assign(spec, { containerConcurrency: 1, timeoutSeconds: 300 });
      Object.assign(metadata.annotations, { 'autoscaling.knative.dev/minScale': '2' });
      Object.assign(containerOf(p, 'receiver').resources.limits, { memory: '1Gi' });
    },
    {
      ...{ severity: 'warning', code: 'limits', ...onReceiver },
      what: /^memory: 1Gi, not 512Mi; .* same time: 1, not 80; .*: 300, not 60; .*: 2, not 0$/,
      mend: /--memory=512Mi --concurrency=80 --timeout=60 --min-instances=0$/,
    },
  ],
  [
    'a limit of the whole service',
    (p) =>
      Object.assign(p.service('caller').metadata.annotations, {
        'run.googleapis.com/maxScale': '3',
      }),
    { severity: 'warning', code: 'limits', where: 'service caller', what: /instances: 3, not 10/ },
  ],
  [
    'an old revision that serves',
    (p) => {
      p.service('receiver').status.traffic = [
        { revisionName: 'receiver-00001-old', percent: 90 },
        { revisionName: 'receiver-00002-abc', percent: 10 },
      ];
    },
    {
      ...{ severity: 'warning', code: 'old-revision', ...onReceiver },
      what: /receiver-00001-old \(90 %\); the latest is receiver-00002-abc$/,
      mend: /update-traffic receiver .*--to-latest$/,
    },
  ],
  [
    'traffic that is pinned',
    (p) => {
      p.service('receiver').spec.traffic.splice(0, 1, {
        revisionName: 'receiver-00002-abc',
        percent: 100,
      });
    },
    { severity: 'warning', code: 'traffic-pinned', ...onReceiver, what: /pinned to receiver-0000/ },
  ],
  [
    'a deployment that failed',
    (p) =>
      p.service('receiver').status.conditions.splice(0, 1, {
        ...{ type: 'Ready', status: 'False' },
        message: 'The user-provided container failed to start',
      }),
    {
      ...{ severity: 'error', code: 'service-not-ready', ...onReceiver },
      what: /not ready: The user-provided container failed to start$/,
      mend: /run services logs read receiver/,
    },
  ],
  [
    'another service',
    (p) =>
      p.services.push({
        ...structuredClone(p.service('caller')),
        ...{ metadata: { name: 'other', annotations: {} } },
        spec: foreignSpec(p, account('other')),
      }),
    { severity: 'info', code: 'foreign-service', where: 'service other', what: /not in the topo/ },
  ],
  [
    "another service with the receiver's account",
    (p) =>
      p.services.push({
        ...structuredClone(p.service('caller')),
        ...{ metadata: { name: 'other', annotations: {} } },
        spec: foreignSpec(p, account('receiver')),
      }),
    {
      ...{ severity: 'error', code: 'account-shared', where: 'service other' },
      what: /runs as the receiver's account/,
    },
  ],
];

function foreignSpec(project: DeployedProject, serviceAccountName: string) {
  const spec = structuredClone(project.service('caller').spec);
  spec.template.spec.serviceAccountName = serviceAccountName;
  return spec;
}

describe('doctor finds', () => {
  it.each(serviceCases)('%s', async (_title, change, finding) => {
    await expectFinding(change, finding);
  });
});

it('the value of a variable that is not ours is never told', async () => {
  const findings = await examine((p) =>
    containerOf(p, 'caller').env.push({ name: 'API_KEY', value: 'hunter2' }),
  );
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});

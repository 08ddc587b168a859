import { describe, it } from 'vitest';
import {
  account,
  type Case,
  caller,
  compute,
  eve,
  expectFinding,
  receiver,
} from '../../tests/support/doctor-fixture.ts';

const onReceiver = { where: 'service receiver' };

const policyCases: Case[] = [
  [
    'allUsers on the receiver',
    (p) =>
      p
        .policyOf('run services receiver')
        .push({ role: 'roles/run.invoker', members: ['allUsers'] }),
    {
      ...{ severity: 'error', code: 'public', ...onReceiver },
      what: /^anyone on the internet may call it: allUsers has roles\/run\.invoker$/,
      mend: /remove-iam-policy-binding receiver .*--member=allUsers --role=roles\/run\.invoker --condition=None$/,
    },
  ],
  [
    'allAuthenticatedUsers on the topic',
    (p) =>
      p
        .policyOf('pubsub topics events')
        .push({ role: 'roles/pubsub.publisher', members: ['allAuthenticatedUsers'] }),
    {
      ...{ severity: 'error', code: 'public', where: 'topic events' },
      what: /^anyone with a Google account may publish/,
    },
  ],
  [
    'a stranger who may call the receiver',
    (p) => p.policyOf('run services receiver')[0]?.members.push(eve),
    {
      ...{ severity: 'error', code: 'extra-binding', ...onReceiver },
      what: /^user:eve@example\.com has roles\/run\.invoker, which the topology does not grant$/,
      mend: /services remove-iam-policy-binding receiver .*--member=user:eve@example\.com/,
    },
  ],
  [
    'a role that only looks',
    (p) => p.policyOf('run services caller').push({ role: 'roles/run.viewer', members: [eve] }),
    {
      ...{ severity: 'warning', code: 'extra-binding', where: 'service caller' },
      what: /roles\/run\.viewer/,
    },
  ],
  [
    'an account that was deleted',
    (p) =>
      p.policyOf('pubsub topics events').push({
        role: 'roles/pubsub.publisher',
        members: [`deleted:${receiver}?uid=1`],
      }),
    {
      ...{ severity: 'error', code: 'extra-binding', where: 'topic events' },
      what: /^deleted:/,
      mend: /--member='deleted:.*\?uid=1'/,
    },
  ],
  [
    'somebody else who reads the subscription',
    (p) =>
      p
        .policyOf('pubsub subscriptions events-reader')
        .push({ role: 'roles/pubsub.subscriber', members: [eve] }),
    {
      ...{ severity: 'error', code: 'extra-binding', where: 'subscription events-reader' },
      what: /pubsub\.subscriber/,
      mend: /pubsub subscriptions remove-iam-policy-binding events-reader/,
    },
  ],
  [
    'somebody who may act as the caller',
    (p) =>
      p
        .policyOf(`iam service-accounts ${account('caller')}`)
        .push({ role: 'roles/iam.serviceAccountTokenCreator', members: [eve] }),
    {
      ...{ severity: 'error', code: 'extra-binding' },
      where: `service account ${account('caller')}`,
      what: /serviceAccountTokenCreator/,
      mend: /iam service-accounts remove-iam-policy-binding/,
    },
  ],
  [
    'a conditional binding too much',
    (p) =>
      p.policyOf('run services receiver').push({
        ...{ role: 'roles/run.invoker', members: [eve] },
        condition: { title: 'until Friday', expression: 'request.time < timestamp("2030")' },
      }),
    {
      ...{ severity: 'error', code: 'extra-binding', ...onReceiver },
      what: /under the condition "until Friday"/,
      mend: /--all$/,
    },
  ],
  [
    'a conditional publisher too much',
    (p) =>
      p.policyOf('pubsub topics events').push({
        ...{ role: 'roles/pubsub.publisher', members: [eve] },
        condition: { title: 'until Friday', expression: 'request.time < timestamp("2030")' },
      }),
    {
      ...{ severity: 'error', code: 'extra-binding', where: 'topic events' },
      what: /under the condition "until Friday"/,
      mend: /^gcloud pubsub topics get-iam-policy events .* > policy\.json$/,
    },
  ],
  [
    'no binding of the caller',
    (p) => p.policyOf('run services receiver').splice(0),
    {
      ...{ severity: 'error', code: 'missing-binding', ...onReceiver },
      what: /^serviceAccount:caller@.* has no roles\/run\.invoker$/,
      mend: /add-iam-policy-binding receiver .*--member=serviceAccount:caller@/,
    },
  ],
  [
    'no binding of the receiver',
    (p) => p.policyOf('pubsub topics events').splice(0),
    {
      ...{ severity: 'error', code: 'missing-binding', where: 'topic events' },
      what: /^serviceAccount:receiver@.* has no roles\/pubsub\.publisher$/,
      mend: /pubsub topics add-iam-policy-binding events/,
    },
  ],
  [
    'a binding that holds only sometimes',
    (p) =>
      Object.assign(p.policyOf('run services receiver')[0] ?? {}, {
        condition: { title: 'office hours', expression: 'true' },
      }),
    {
      ...{ severity: 'error', code: 'missing-binding', ...onReceiver },
      what: /roles\/run\.invoker only under the condition "office hours"/,
    },
  ],
];

const projectCases: Case[] = [
  ['Editor', 'roles/editor', caller, 'error', 'basic-role'],
  ['Viewer', 'roles/viewer', receiver, 'error', 'basic-role'],
  ['a publisher everywhere', 'roles/pubsub.publisher', receiver, 'error', 'project-wide-role'],
  ['an invoker everywhere', 'roles/run.invoker', caller, 'error', 'project-wide-role'],
  ['a subscriber everywhere', 'roles/pubsub.subscriber', receiver, 'error', 'project-wide-role'],
  [
    'token creator everywhere',
    'roles/iam.serviceAccountTokenCreator',
    caller,
    'error',
    'project-wide-role',
  ],
  ['another role', 'roles/logging.logWriter', caller, 'warning', 'project-wide-role'],
  ['a stranger invoking', 'roles/run.invoker', eve, 'warning', 'project-wide-role'],
  ['a stranger publishing', 'roles/pubsub.publisher', eve, 'warning', 'project-wide-role'],
  [
    'the default account as editor',
    'roles/editor',
    `serviceAccount:${compute}`,
    'info',
    'basic-role',
  ],
].map(
  ([title = '', role = '', member = '', severity = '', code = '']): Case => [
    title,
    (p) => p.projectPolicy.push({ role, members: [member] }),
    {
      ...{ severity, code, where: 'project my-project', what: new RegExp(role) },
      mend: new RegExp(
        `^gcloud projects remove.*--member=${member} --role=${role} --condition=None$`,
      ),
    },
  ],
);

describe('doctor finds', () => {
  it.each([...policyCases, ...projectCases])('%s', async (_title, change, finding) => {
    await expectFinding(change, finding);
  });
});

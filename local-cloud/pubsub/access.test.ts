import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  admin,
  type PubsubFixture,
  projectName,
  projectPolicy,
  startPubsubFixture,
  subscriptionName,
  topicName,
} from '../../tests/support/pubsub-fixture.ts';
import { predefinedRoles, type Role } from '../iam/roles.ts';

const topicPolicy = `//pubsub.googleapis.com/${topicName()}`;
const subscriptionPolicy = `//pubsub.googleapis.com/${subscriptionName()}`;
const guest = 'serviceAccount:guest@demo-project.iam.gserviceaccount.com';
const notAuthorized = {
  code: 7,
  details: 'User not authorized to perform this action.',
};

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture({
    roles: new Map([...predefinedRoles, ...onePermissionRoles]),
  });
  fixture.broker.createTopic({ name: topicName() });
  fixture.broker.createSubscription({ name: subscriptionName(), topic: topicName() });
});
afterAll(() => fixture.stop());

type Api = ReturnType<PubsubFixture['apiOf']>;
const topic = topicName();
const subscription = subscriptionName();
const policy = { bindings: [] };
let made = 0;
const fresh = () => {
  made += 1;
  return `made-${made}`;
};

/** Each call of the API, and what it needs: https://cloud.google.com/pubsub/docs/access-control#required_permissions */
const calls: [string, (api: Api) => Promise<unknown>, [permission: string, resource: string][]][] =
  [
    [
      'CreateTopic',
      ({ publisher }) => publisher.createTopic({ name: topicName(fresh()) }),
      [['pubsub.topics.create', projectPolicy]],
    ],
    [
      'GetTopic',
      ({ publisher }) => publisher.getTopic({ topic }),
      [['pubsub.topics.get', topicPolicy]],
    ],
    [
      'UpdateTopic',
      ({ publisher }) =>
        publisher.updateTopic({ topic: { name: topic }, updateMask: { paths: ['labels'] } }),
      [['pubsub.topics.update', topicPolicy]],
    ],
    [
      'ListTopics',
      ({ publisher }) => publisher.listTopics({ project: projectName }),
      [['pubsub.topics.list', projectPolicy]],
    ],
    [
      'ListTopicSubscriptions',
      ({ publisher }) => publisher.listTopicSubscriptions({ topic }),
      [['pubsub.topics.get', topicPolicy]],
    ],
    [
      'DeleteTopic',
      ({ publisher }) => {
        const name = topicName('short-lived');
        fixture.broker.createTopic({ name });
        return publisher.deleteTopic({ topic: name });
      },
      [['pubsub.topics.delete', `//pubsub.googleapis.com/${topicName('short-lived')}`]],
    ],
    [
      'Publish',
      ({ publisher }) => publisher.publish({ topic, messages: [{ data: Buffer.from('x') }] }),
      [['pubsub.topics.publish', topicPolicy]],
    ],
    [
      'CreateSubscription',
      ({ subscriber }) => subscriber.createSubscription({ name: subscriptionName(fresh()), topic }),
      [
        ['pubsub.subscriptions.create', projectPolicy],
        ['pubsub.topics.attachSubscription', topicPolicy],
      ],
    ],
    [
      'GetSubscription',
      ({ subscriber }) => subscriber.getSubscription({ subscription }),
      [['pubsub.subscriptions.get', subscriptionPolicy]],
    ],
    [
      'UpdateSubscription',
      ({ subscriber }) =>
        subscriber.updateSubscription({
          subscription: { name: subscription },
          updateMask: { paths: ['labels'] },
        }),
      [['pubsub.subscriptions.update', subscriptionPolicy]],
    ],
    [
      'ListSubscriptions',
      ({ subscriber }) => subscriber.listSubscriptions({ project: projectName }),
      [['pubsub.subscriptions.list', projectPolicy]],
    ],
    [
      'DeleteSubscription',
      ({ subscriber }) => {
        const name = subscriptionName('short-lived');
        fixture.broker.createSubscription({ name, topic });
        return subscriber.deleteSubscription({ subscription: name });
      },
      [
        [
          'pubsub.subscriptions.delete',
          `//pubsub.googleapis.com/${subscriptionName('short-lived')}`,
        ],
      ],
    ],
    [
      'Pull',
      ({ subscriber }) =>
        subscriber.pull({ subscription, maxMessages: 1, returnImmediately: true }),
      [['pubsub.subscriptions.consume', subscriptionPolicy]],
    ],
    [
      'StreamingPull',
      ({ subscriber }) => {
        const stream = subscriber.streamingPull();
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        stream.on('error', reject).on('end', resolve);
        stream.on('data', () => stream.end());
        stream.write({ subscription, streamAckDeadlineSeconds: 10 });
        return promise;
      },
      [['pubsub.subscriptions.consume', subscriptionPolicy]],
    ],
    [
      'Acknowledge',
      ({ subscriber }) => subscriber.acknowledge({ subscription, ackIds: ['unknown'] }),
      [['pubsub.subscriptions.consume', subscriptionPolicy]],
    ],
    [
      'ModifyAckDeadline',
      ({ subscriber }) =>
        subscriber.modifyAckDeadline({ subscription, ackIds: ['unknown'], ackDeadlineSeconds: 0 }),
      [['pubsub.subscriptions.consume', subscriptionPolicy]],
    ],
    [
      'GetIamPolicy',
      () => fixture.clientOf(guest).topic('events').iam.getPolicy(),
      [['pubsub.topics.getIamPolicy', topicPolicy]],
    ],
    [
      'SetIamPolicy',
      () => fixture.clientOf(guest).subscription('worker').iam.setPolicy(policy),
      [['pubsub.subscriptions.setIamPolicy', subscriptionPolicy]],
    ],
  ];

const onePermissionRoles: ReadonlyMap<string, Role> = new Map(
  calls
    .flatMap(([, , needed]) => needed)
    .map(([permission]) => {
      const name = roleWith(permission);
      return [name, { name, title: name, permissions: new Set([permission]) }];
    }),
);

/** No predefined role has one permission alone. */
function roleWith(permission: string): string {
  return `roles/test.${permission}`;
}

/** Calls with exactly these permissions. */
async function withPermissions(
  granted: [permission: string, resource: string][],
  call: () => Promise<unknown>,
): Promise<void> {
  const { policies } = fixture.iam;
  for (const [permission, resource] of granted) {
    policies.addBinding(resource, roleWith(permission), guest);
  }
  try {
    await call();
  } finally {
    for (const [permission, resource] of granted) {
      policies.removeBinding(resource, roleWith(permission), guest);
    }
  }
}

describe.each(calls)('%s', (_method, call, needed) => {
  test(`succeeds with ${needed.map(([permission]) => permission).join(' and ')} alone`, async () => {
    await withPermissions(needed, () => call(fixture.apiOf(guest)));
  });

  test.each(needed)('is refused without %s on %s', async (missing) => {
    const others = needed.filter(([permission]) => permission !== missing);
    const refused = withPermissions(others, () => call(fixture.apiOf(guest)));
    await expect(refused).rejects.toMatchObject(notAuthorized);
  });
});

test('TestIamPermissions needs no permission and records no decision', async () => {
  const { iam } = fixture.clientOf(guest).topic('events');
  const permissions = ['pubsub.topics.publish', 'pubsub.topics.get'];
  fixture.iam.policies.addBinding(topicPolicy, 'roles/pubsub.publisher', guest);
  const before = fixture.iam.decisions.since(0).length;

  const [answer] = await iam.testPermissions(permissions);

  expect(answer).toEqual({ 'pubsub.topics.publish': true, 'pubsub.topics.get': false });
  expect(fixture.iam.decisions.since(0)).toHaveLength(before);
});

test.each([
  ['none', []],
  ['an unknown token', ['Bearer unknown']],
  ['another scheme', ['Basic dXNlcjpwYXNz']],
  ['two tokens in one header', ['Bearer a, Bearer b']],
  ['an empty token', ['Bearer ']],
])('answers UNAUTHENTICATED to credentials: %s', async (_case, headers) => {
  const { publisher } = fixture.apiOf({ headers });
  await expect(publisher.getTopic({ topic })).rejects.toMatchObject({
    code: 16,
    details: expect.stringMatching(
      /^Request (had invalid|is missing required) authentication credential.* Expected OAuth 2/,
    ),
  });
});

test('does not tell whether a resource exists to who may not see it', async () => {
  const missing = topicName('missing');
  const stranger = fixture.apiOf('user:stranger@example.com').publisher;
  const owner = fixture.apiOf(admin).publisher;
  await expect(stranger.getTopic({ topic: missing })).rejects.toMatchObject(notAuthorized);
  await expect(owner.getTopic({ topic: missing })).rejects.toMatchObject({
    code: 5,
    details: 'Resource not found (resource=missing).',
  });
});

test('ends an open stream when the binding is taken away', async () => {
  const reader = 'user:reader@example.com';
  const role = 'roles/pubsub.subscriber';
  fixture.iam.policies.addBinding(subscriptionPolicy, role, reader);
  const stream = fixture.apiOf(reader).subscriber.streamingPull();
  const ended = new Promise((_resolve, reject) => stream.on('error', reject));
  const opened = new Promise((resolve) => stream.once('data', resolve));
  stream.write({ subscription, streamAckDeadlineSeconds: 10 });
  await opened;

  fixture.iam.policies.removeBinding(subscriptionPolicy, role, reader);
  fixture.clock.advanceBy(5000);

  await expect(ended).rejects.toMatchObject(notAuthorized);
  const decisions = fixture.iam.decisions.since(0).map(({ decision }) => decision);
  const ofReader = decisions.filter(({ principal }) => principal === reader);
  expect(ofReader.map(({ allowed }) => allowed)).toEqual([true, false]);
});

test('reads, modifies and writes a policy, and refuses a stale etag', async () => {
  const { iam } = fixture.clientOf().topic('events');
  const [read] = await iam.getPolicy();
  const binding = { role: 'roles/pubsub.publisher', members: ['user:new@example.com'] };
  const [written] = await iam.setPolicy({ ...read, bindings: [binding] });

  expect(written.bindings).toMatchObject([binding]);
  expect(written.etag).not.toEqual(read.etag);
  await expect(iam.setPolicy({ bindings: [], etag: read.etag ?? '' })).rejects.toMatchObject({
    code: 10,
    details: expect.stringContaining('There were concurrent policy changes.'),
  });
  await expect(
    iam.setPolicy({ bindings: [{ role: 'roles/none', members: [guest] }] }),
  ).rejects.toMatchObject({ code: 3 });
});

test('forgets the policy of a deleted topic', async () => {
  const { publisher } = fixture.apiOf();
  const name = topicName('forgotten');
  await publisher.createTopic({ name });
  fixture.iam.policies.addBinding(`//pubsub.googleapis.com/${name}`, 'roles/pubsub.viewer', guest);
  await publisher.deleteTopic({ topic: name });
  expect(fixture.iam.policies.get(`//pubsub.googleapis.com/${name}`).bindings).toEqual([]);
});

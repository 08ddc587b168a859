import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTopology } from '../../deploy/topology.ts';
import { postMessage, startTestCloud, type TestCloud } from '../support/cloud.ts';

const topic = 'projects/demo-project/topics/events';
const callerAccount = 'serviceAccount:caller@demo-project.iam.gserviceaccount.com';
const receiverAccount = 'serviceAccount:receiver@demo-project.iam.gserviceaccount.com';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.stop());

it('a message travels the whole chain, with the right identity at every step', async () => {
  const before = cloud.decisions.since(0).at(-1)?.sequence ?? 0;
  const { status, body } = await postMessage(
    cloud,
    { text: 'héllo', attributes: { colour: 'blue' } },
    {
      'idempotency-key': 'order-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
  );
  expect(status).toBe(201);
  expect(body).toEqual({
    messageId: expect.stringMatching(/^\d+$/),
    topic,
    calledBy: 'caller@demo-project.iam.gserviceaccount.com',
    publishedBy: 'receiver@demo-project.iam.gserviceaccount.com',
    idempotencyKey: 'order-1',
  });
  const published = cloud.pubsub.messagesOf(topic).find(({ id }) => id === body.messageId);
  expect(published?.publisher).toBe(receiverAccount);
  expect(published?.data.toString()).toBe('{"text":"héllo"}');
  expect(published?.attributes).toEqual({
    colour: 'blue',
    idempotencyKey: 'order-1',
    calledBy: 'caller@demo-project.iam.gserviceaccount.com',
    traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/),
  });
  const hops = cloud.decisions
    .since(before)
    .map(({ action, decision }) => [decision.principal, action, decision.allowed]);
  expect(hops).toEqual([
    ['user:developer@example.com', 'POST /messages', true],
    [callerAccount, 'POST /messages', true],
    [receiverAccount, 'Publish', true],
  ]);
});

it('text and attributes arrive as they were sent, whatever is in them', async () => {
  const text = `{{projectId}} \u0000 \u2028 é 😀 ${'x'.repeat(9_000)}`;
  const attributes = {
    template: '{{projectId}}',
    empty: '',
    ключ: '值',
    toString: 'y',
    long: 'v'.repeat(1_024),
  };
  const { status, body } = await postMessage(cloud, { text, attributes });
  expect(status).toBe(201);
  const published = cloud.pubsub.messagesOf(topic).find(({ id }) => id === body.messageId);
  expect(JSON.parse(String(published?.data))).toEqual({ text });
  expect(published?.attributes).toMatchObject(attributes);
});

it('as many attributes as a client may set are as many as Pub/Sub takes', async () => {
  const keys = Array.from({ length: 97 }, (_, i) => `key-${i}`);
  const attributes = Object.fromEntries(keys.map((key) => [key, 'v']));
  const { status, body } = await postMessage(cloud, { text: 'a', attributes });
  expect(status).toBe(201);
  const published = cloud.pubsub.messagesOf(topic).find(({ id }) => id === body.messageId);
  expect(Object.keys(published?.attributes ?? {}).length).toBe(100);
});

it('both services tell who they are and whom they see', async () => {
  const response = await fetch(`${cloud.localUrls.caller}/identity`);
  expect(await response.json()).toMatchObject({
    caller: { serviceAccount: 'caller@demo-project.iam.gserviceaccount.com' },
    receiver: {
      serviceAccount: 'receiver@demo-project.iam.gserviceaccount.com',
      calledBy: {
        email: 'caller@demo-project.iam.gserviceaccount.com',
        audience: 'https://receiver-123456789012.europe-west1.run.app',
      },
    },
  });
});

describe('without one binding', () => {
  const without = async <T>(binding: number, action: () => Promise<T>): Promise<T> => {
    const { resource, role, member } = cloud.topology.bindings[binding] ?? raise();
    expect(cloud.iam.policies.removeBinding(resource, role, member)).toBe(true);
    try {
      return await action();
    } finally {
      cloud.iam.policies.addBinding(resource, role, member);
    }
  };
  const bindingOf = (role: string, resourceEnd: string) =>
    cloud.topology.bindings.findIndex(
      (binding) => binding.role === role && binding.resource.endsWith(resourceEnd),
    );
  const lastRefusal = () =>
    cloud.decisions
      .since(0)
      .map(({ decision }) => decision)
      .findLast(({ allowed }) => !allowed);

  it('the table below names every binding there is', () => {
    expect(
      cloud.topology.bindings.map(({ role, resource }) => `${role} ${resource}`).sort(),
    ).toEqual([
      'roles/pubsub.publisher //pubsub.googleapis.com/projects/demo-project/topics/events',
      'roles/run.invoker //run.googleapis.com/projects/demo-project/locations/europe-west1/services/caller',
      'roles/run.invoker //run.googleapis.com/projects/demo-project/locations/europe-west1/services/receiver',
    ]);
  });

  it.each([
    {
      role: 'roles/run.invoker',
      resource: '/services/caller',
      status: 403,
      expected: undefined,
      remedy:
        /^npm run gcloud -- run services add-iam-policy-binding caller .*user:developer@example\.com/,
    },
    {
      role: 'roles/run.invoker',
      resource: '/services/receiver',
      status: 502,
      expected: {
        code: 'receiver_refused',
        upstream: { status: 403, code: null, answeredBy: 'front door' },
      },
      remedy:
        /^npm run gcloud -- run services add-iam-policy-binding receiver .*serviceAccount:caller@/,
    },
    {
      role: 'roles/pubsub.publisher',
      resource: '/topics/events',
      status: 502,
      expected: {
        code: 'receiver_refused',
        upstream: { status: 502, code: 'publish_forbidden', answeredBy: 'receiver' },
      },
      remedy:
        /^npm run gcloud -- pubsub topics add-iam-policy-binding events .*serviceAccount:receiver@/,
    },
  ])(
    '$role on $resource: $status, and back',
    async ({ role, resource, status, expected, remedy }) => {
      const published = cloud.pubsub.messagesOf(topic).length;
      const answer = await without(bindingOf(role, resource), () => postMessage(cloud));
      expect(answer.status).toBe(status);
      if (expected) expect(answer.body).toMatchObject(expected);
      else expect(answer.text).toContain('<h1>Error: Forbidden</h1>');
      expect(lastRefusal()).toMatchObject({
        allowed: false,
        remedy: expect.stringMatching(remedy),
      });
      expect(cloud.pubsub.messagesOf(topic).length).toBe(published);

      expect((await postMessage(cloud)).status).toBe(201);
    },
  );
});

it('a person who may invoke the receiver is refused by the receiver itself: its copy is stripped', async () => {
  const receiver = cloud.topology.services.find(({ name }) => name === 'receiver') ?? raise();
  const refused = await fetch(`${cloud.localUrls.receiver}/identity`);
  expect(refused.status).toBe(403);
  const grant = [receiver.resource, 'roles/run.invoker', 'user:developer@example.com'] as const;
  cloud.iam.policies.addBinding(...grant);
  try {
    const response = await fetch(`${cloud.localUrls.receiver}/identity`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'signature_removed' });
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
  } finally {
    cloud.iam.policies.removeBinding(...grant);
  }
});

it('a topic that is gone is named', async () => {
  const other = await startTestCloud({
    topology: parseTopology({
      services: {
        receiver: {
          serviceAccount: 'receiver',
          invokers: ['service:caller'],
          environment: {
            AUDIENCES: `\${services.receiver.url}`,
            ALLOWED_CALLERS: `\${services.caller.serviceAccount}`,
            TOPIC: 'elsewhere',
          },
        },
        caller: {
          serviceAccount: 'caller',
          invokers: ['deployer'],
          environment: { RECEIVER_URL: `\${services.receiver.url}` },
        },
      },
      topics: {},
      subscriptions: {},
      groups: {},
      domains: [],
    }),
  });
  try {
    other.iam.policies.addBinding(
      '//cloudresourcemanager.googleapis.com/projects/demo-project',
      'roles/pubsub.publisher',
      receiverAccount,
    );
    const { status, body } = await postMessage(other);
    expect([status, body.upstream.code]).toEqual([502, 'topic_not_found']);
    expect(body.upstream.detail).toContain('projects/demo-project/topics/elsewhere');
  } finally {
    await other.stop();
  }
});

function raise(): never {
  throw new Error('not in the topology');
}

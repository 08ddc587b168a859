import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  admin,
  project,
  projectName,
  projectPolicy,
  subscriptionName,
  topicName,
} from '../../../tests/support/pubsub-fixture.ts';
import { startPubsubRest } from '../../../tests/support/pubsub-rest.ts';
import { ApiError } from '../../network/api-error.ts';

const topic = topicName();
const subscription = subscriptionName();
const guest = 'serviceAccount:guest@demo-project.iam.gserviceaccount.com';

let pubsub: Awaited<ReturnType<typeof startPubsubRest>>;
beforeAll(async () => {
  pubsub = await startPubsubRest();
});
afterAll(() => pubsub.stop());
beforeEach(() => {
  const { broker, iam, notices } = pubsub;
  const all = { pageSize: 0, pageToken: '' };
  for (const { name } of broker.listTopics(project, all).items) broker.deleteTopic(name);
  for (const { name } of broker.listSubscriptions(project, all).items) {
    broker.deleteSubscription(name);
  }
  for (const name of [topic, subscription]) iam.policies.remove(`//pubsub.googleapis.com/${name}`);
  notices.length = 0;
  broker.createTopic({ name: topic });
  broker.createSubscription({ name: subscription, topic });
});

const subscriptionJson = {
  ackDeadlineSeconds: 10,
  expirationPolicy: { ttl: '2678400s' },
  messageRetentionDuration: '604800s',
  name: subscription,
  pushConfig: {},
  state: 'ACTIVE',
  topic,
};

describe('as gcloud calls it', () => {
  test.each<[verb: string, path: string, body: object | undefined, answer: object]>([
    [
      'PUT',
      `${topicName('orders')}?alt=json`,
      { name: topicName('orders') },
      { name: topicName('orders'), state: 'ACTIVE' },
    ],
    ['GET', topic, undefined, { name: topic, state: 'ACTIVE' }],
    [
      'PATCH',
      topic,
      {
        topic: { name: topic, labels: { a: 'b' }, messageRetentionDuration: '7200s' },
        updateMask: 'labels,messageRetentionDuration',
      },
      { name: topic, labels: { a: 'b' }, messageRetentionDuration: '7200s', state: 'ACTIVE' },
    ],
    [
      'GET',
      `${projectName}/topics?alt=json&pageSize=500`,
      undefined,
      { topics: [{ name: topic, state: 'ACTIVE' }] },
    ],
    ['GET', `${topic}/subscriptions`, undefined, { subscriptions: [subscription] }],
    ['DELETE', topic, undefined, {}],
    [
      'POST',
      `${topic}:publish?alt=json`,
      { messages: [{ attributes: { a: 'b' }, data: 'aGk=', orderingKey: 'k' }] },
      { messageIds: [expect.stringMatching(/^\d+$/)] },
    ],
    [
      'PUT',
      subscriptionName('late'),
      {
        ackDeadlineSeconds: 20,
        enableMessageOrdering: true,
        expirationPolicy: {},
        name: subscriptionName('late'),
        retryPolicy: { minimumBackoff: '5s' },
        topic,
      },
      {
        ...subscriptionJson,
        ackDeadlineSeconds: 20,
        enableMessageOrdering: true,
        expirationPolicy: {},
        name: subscriptionName('late'),
        retryPolicy: { minimumBackoff: '5s' },
      },
    ],
    ['GET', subscription, undefined, subscriptionJson],
    [
      'PATCH',
      subscription,
      {
        subscription: { name: subscription, ackDeadlineSeconds: 30 },
        updateMask: 'ackDeadlineSeconds',
      },
      { ...subscriptionJson, ackDeadlineSeconds: 30 },
    ],
    ['GET', `${projectName}/subscriptions`, undefined, { subscriptions: [subscriptionJson] }],
    ['POST', `${subscription}:pull`, { maxMessages: 10, returnImmediately: true }, {}],
    ['POST', `${subscription}:acknowledge`, { ackIds: ['x'] }, {}],
    ['POST', `${subscription}:modifyAckDeadline`, { ackIds: ['x'], ackDeadlineSeconds: 0 }, {}],
    ['DELETE', subscription, undefined, {}],
    ['GET', `${topic}:getIamPolicy?alt=json`, undefined, { version: 1, etag: 'ACAB' }],
    [
      'GET',
      `${subscription}:getIamPolicy?options.requestedPolicyVersion=3`,
      undefined,
      { version: 1, etag: 'ACAB' },
    ],
    [
      'POST',
      `${subscription}:setIamPolicy`,
      {
        policy: {
          bindings: [{ members: [admin], role: 'roles/pubsub.viewer' }],
          etag: 'ACAB',
          version: 1,
        },
      },
      {
        version: 1,
        bindings: [{ members: [admin], role: 'roles/pubsub.viewer' }],
        etag: expect.stringMatching(/^[\w+/]+=*$/),
      },
    ],
    [
      'POST',
      `${topic}:testIamPermissions`,
      { permissions: ['pubsub.topics.publish', 'run.routes.invoke'] },
      { permissions: ['pubsub.topics.publish'] },
    ],
  ])('%s %s', async (verb, path, body, answer) => {
    expect(await pubsub.call(verb, `/v1/${path}`, { body })).toEqual({ status: 200, body: answer });
  });

  test('pages', async () => {
    pubsub.broker.createTopic({ name: topicName('second') });
    const list = (query: string) => pubsub.call('GET', `/v1/${projectName}/topics?${query}`);
    const first = await list('pageSize=1');
    expect(first.body).toMatchObject({ topics: [{ name: topic }] });
    const next = new URLSearchParams({
      page_size: '1',
      pageToken: String(first.body.nextPageToken),
    });
    expect((await list(next.toString())).body).toEqual({
      topics: [{ name: topicName('second'), state: 'ACTIVE' }],
    });
  });
});

describe('is refused', () => {
  test.each<
    [
      verb: string,
      path: string,
      body: object | undefined,
      status: number,
      code: string,
      message: string,
    ]
  >([
    ['GET', topicName('nope'), undefined, 404, 'NOT_FOUND', 'Resource not found (resource=nope).'],
    [
      'PUT',
      topic,
      {},
      409,
      'ALREADY_EXISTS',
      'Resource already exists in the project (resource=events).',
    ],
    [
      'PUT',
      topicName('x'),
      {},
      400,
      'INVALID_ARGUMENT',
      `Invalid resource name given (name=${topicName('x')}). `,
    ],
    [
      'PATCH',
      topic,
      {},
      400,
      'INVALID_ARGUMENT',
      'The update_mask in the UpdateTopicRequest must be set',
    ],
    [
      'PATCH',
      topic,
      { topic: 'x' },
      400,
      'INVALID_ARGUMENT',
      'Invalid value at \'topic\' (type.googleapis.com/google.pubsub.v1.Topic), "x"',
    ],
    [
      'POST',
      `${topic}:publish`,
      { message: [] },
      400,
      'INVALID_ARGUMENT',
      'Invalid JSON payload received. Unknown name "message": Cannot find field.',
    ],
    [
      'GET',
      `${projectName}/topics?pageSize=ten`,
      undefined,
      400,
      'INVALID_ARGUMENT',
      'Invalid value at \'page_size\' (TYPE_INT32), "ten"',
    ],
    [
      'GET',
      `${projectName}/topics?pageSize=1&pageSize=2`,
      undefined,
      400,
      'INVALID_ARGUMENT',
      'Unknown name "pageSize": Proto field is not repeating',
    ],
    [
      'GET',
      `${topic}?color=red`,
      undefined,
      400,
      'INVALID_ARGUMENT',
      `Unknown name "color": Cannot bind query parameter. Field 'color' could not be found in request message.`,
    ],
    [
      'GET',
      `${topic}?topic.name=x`,
      undefined,
      400,
      'INVALID_ARGUMENT',
      `Cannot bind query parameter. Field 'topic.name'`,
    ],
    [
      'DELETE',
      topic,
      { force: true },
      400,
      'INVALID_ARGUMENT',
      'Unknown name "force": Cannot find field.',
    ],
    [
      'POST',
      `${topic}:setIamPolicy`,
      { policy: { etag: '%' } },
      400,
      'INVALID_ARGUMENT',
      "Invalid value at 'policy.etag' (TYPE_BYTES)",
    ],
    [
      'POST',
      `${topic}:setIamPolicy`,
      { policy: { etag: 'AAAA' } },
      409,
      'ABORTED',
      'There were concurrent policy changes.',
    ],
    [
      'PUT',
      subscriptionName('pushed'),
      { topic, pushConfig: { pushEndpoint: 'https://a.example' } },
      501,
      'UNIMPLEMENTED',
      'push_config',
    ],
    [
      'POST',
      `${subscription}:acknowledge`,
      { ackIds: ['x'.repeat(524_288)] },
      400,
      'INVALID_ARGUMENT',
      'Request payload size exceeds the limit: 524288 bytes.',
    ],
  ])('%s %s with %j', async (verb, path, body, status, code, message) => {
    const answer = await pubsub.call(verb, `/v1/${path}`, { body });
    expect(answer).toMatchObject({
      status,
      body: { error: { code: status, status: code, message: expect.stringContaining(message) } },
    });
  });

  test('above 10 MB, by the size that it has in protocol buffers', async () => {
    const publish = (bytes: number) =>
      pubsub.call('POST', `/v1/${topic}:publish`, {
        body: { messages: [{ data: Buffer.alloc(bytes).toString('base64') }] },
      });
    expect((await publish(9_999_900)).status).toBe(200);
    expect(await publish(10_000_001)).toMatchObject({
      status: 400,
      body: {
        error: { message: expect.stringContaining('The value for request_size is too large.') },
      },
    });
  });

  test('without a token', async () => {
    const answer = await fetch(`${pubsub.url}/v1/${topic}`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { status: 'UNAUTHENTICATED' } });
  });

  test('a stale policy, and nothing has changed', async () => {
    const set = (etag: string, member: string) =>
      pubsub.call('POST', `/v1/${topic}:setIamPolicy`, {
        body: { policy: { etag, bindings: [{ role: 'roles/pubsub.viewer', members: [member] }] } },
      });
    const { body: first } = await set('ACAB', guest);
    expect(await set('ACAB', admin)).toMatchObject({ status: 409 });
    expect(await pubsub.call('GET', `/v1/${topic}:getIamPolicy`)).toEqual({
      status: 200,
      body: first,
    });
  });
});

test.each([
  ['POST', `${subscription}:seek`, 'google.pubsub.v1.Subscriber.Seek'],
  ['POST', `${subscription}:modifyPushConfig`, 'google.pubsub.v1.Subscriber.ModifyPushConfig'],
  ['POST', `${subscription}:detach`, 'google.pubsub.v1.Publisher.DetachSubscription'],
  ['GET', `${topic}/snapshots`, 'google.pubsub.v1.Publisher.ListTopicSnapshots'],
  ['PUT', `${projectName}/snapshots/now`, 'google.pubsub.v1.Subscriber.CreateSnapshot'],
  ['POST', `${projectName}/schemas`, 'google.pubsub.v1.SchemaService.CreateSchema'],
  [
    'GET',
    `${projectName}/snapshots/now:getIamPolicy`,
    '/v1/projects/demo-project/snapshots/now:getIamPolicy',
  ],
  ['POST', `${subscription}:streamingPull`, `/v1/${subscription}:streamingPull`],
])('%s %s is not implemented, and says so', async (verb, path, name) => {
  const answer = await pubsub.call(verb, `/v1/${path}`, verb === 'GET' ? {} : { body: {} });
  expect(answer).toMatchObject({
    status: 501,
    body: { error: { status: 'UNIMPLEMENTED', message: expect.stringContaining(name) } },
  });
  expect(pubsub.notices).toEqual([expect.stringContaining(name)]);
});

describe('access', () => {
  test('is decided and recorded as over gRPC', async () => {
    const { publisher, subscriber } = pubsub.apiOf(guest);
    const decisions = async (calls: (() => Promise<unknown>)[]) => {
      const before = pubsub.iam.decisions.since(0).length;
      for (const call of calls) await call().catch(() => undefined);
      return pubsub.iam.decisions
        .since(0)
        .slice(before)
        .map(({ action, decision }) => ({ action, ...decision }));
    };
    const rest = (verb: string, path: string, body?: object) => () =>
      pubsub.call(verb, `/v1/${path}`, { body, as: guest });
    const messages = [{ attributes: { a: 'b' } }];
    const overRest = await decisions([
      rest('POST', `${topic}:publish`, { messages }),
      rest('POST', `${subscription}:pull`, { maxMessages: 1 }),
      rest('GET', `${projectName}/topics`),
      rest('GET', topic),
    ]);
    const overGrpc = await decisions([
      () => publisher.publish({ topic, messages }),
      () => subscriber.pull({ subscription, maxMessages: 1 }),
      () => publisher.listTopics({ project: projectName }),
      () => publisher.getTopic({ topic }),
    ]);
    expect(overRest.map(({ action }) => action)).toEqual([
      'Publish',
      'Pull',
      'ListTopics',
      'GetTopic',
    ]);
    expect(overRest).toEqual(overGrpc);
  });

  test('is refused in Pub/Sub’s words, and granted by a binding made over REST', async () => {
    const publish = () =>
      pubsub.call('POST', `/v1/${topic}:publish`, {
        body: { messages: [{ attributes: { a: 'b' } }] },
        as: guest,
      });
    expect(await publish()).toMatchObject({
      status: 403,
      body: {
        error: {
          status: 'PERMISSION_DENIED',
          message: 'User not authorized to perform this action.',
        },
      },
    });
    const bindings = [{ role: 'roles/pubsub.publisher', members: [guest] }];
    await pubsub.call('POST', `/v1/${topic}:setIamPolicy`, { body: { policy: { bindings } } });
    expect((await publish()).status).toBe(200);
  });

  test('nobody without the permission learns what exists', async () => {
    const { status } = await pubsub.call('GET', `/v1/${topicName('nope')}`, { as: guest });
    expect(status).toBe(403);
    expect(pubsub.iam.policies.get(projectPolicy).bindings).toHaveLength(1);
  });
});

describe('a pull that waits', () => {
  const hi = { data: Buffer.from('hi'), attributes: {}, orderingKey: '' };
  const received = { receivedMessages: [{ message: { data: 'aGk=' } }] };

  /** A pull that has found nothing, and what happens to it in the queue. */
  async function waitingPull(signal?: AbortSignal) {
    const { queue } = pubsub.broker.subscription(subscription);
    const attach = vi.spyOn(queue, 'attach');
    const detach = vi.spyOn(queue, 'detach');
    const answer = pull(signal);
    await vi.waitFor(() => expect(attach).toHaveBeenCalled());
    return { answer, detach };
  }

  const pull = (signal?: AbortSignal) =>
    pubsub.call('POST', `/v1/${subscription}:pull`, {
      body: { maxMessages: 1 },
      ...(signal && { signal }),
    });

  test('is answered when a message comes', async () => {
    const { answer } = await waitingPull();
    pubsub.broker.publish(topic, [hi], admin);
    expect((await answer).body).toMatchObject(received);
  });

  test('is answered without messages after a while', async () => {
    const { answer } = await waitingPull();
    pubsub.clock.advanceBy(10_000);
    expect(await answer).toEqual({ status: 200, body: {} });
  });

  test('takes no message once its client has gone', async () => {
    const client = new AbortController();
    const { answer, detach } = await waitingPull(client.signal);
    client.abort();
    await expect(answer).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(detach).toHaveBeenCalled());
    pubsub.broker.publish(topic, [hi], admin);
    expect((await pull()).body).toMatchObject(received);
  });
});

test('the faults of gRPC hit REST too', async () => {
  const seen: string[] = [];
  const faulty = await startPubsubRest({
    aroundCall: async (method) => {
      seen.push(method);
      throw new ApiError('UNAVAILABLE', 'The service was unable to fulfill your request.');
    },
  });
  const { status } = await faulty.call('POST', `/v1/${topic}:publish`, { body: {} });
  expect({ status, seen }).toEqual({ status: 503, seen: ['google.pubsub.v1.Publisher.Publish'] });
  await faulty.stop();
});

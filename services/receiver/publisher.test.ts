import type { Compute } from 'google-auth-library';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadline } from '../../shared/http/request-deadline.ts';
import { createPublisher } from './publisher.ts';

const name = 'projects/p/topics/events';
const message = { data: Buffer.from('{}'), attributes: {} };
const email = 'receiver@p.iam.gserviceaccount.com';
const never = () => new Promise<never>(() => {});

let publishMessage: () => Promise<string>;
let getAccessToken: () => Promise<unknown>;
let askEmail: () => Promise<string>;
let opened: string[];

beforeEach(() => {
  publishMessage = async () => '7';
  getAccessToken = async () => ({ token: 'secret' });
  askEmail = async () => email;
  opened = [];
});
afterEach(() => vi.useRealTimers());

const publisher = (topic = 'events') =>
  createPublisher({
    topic,
    account: { email: () => askEmail(), projectId: async () => 'p' },
    credentials: { getAccessToken: () => getAccessToken() } as Compute,
    openTopic: async (full) => {
      opened.push(full);
      return {
        publish: () => publishMessage(),
        flush: async () => {},
      };
    },
  });
const publish = (deadline = Deadline.after(5_500)) => publisher().publish(message, deadline);

it.each(['events', name])('publishes to %s, opened once', async (topic) => {
  const both = publisher(topic);
  const answer = { messageId: '7', topic: name, publishedBy: email };
  expect(await both.publish(message, Deadline.after(5_500))).toEqual(answer);
  expect(await both.publish(message, Deadline.after(5_500))).toEqual(answer);
  expect(opened).toEqual([name]);
});

describe('what Pub/Sub answers becomes', () => {
  it.each([
    [3, 502, 'publish_rejected', ''],
    [5, 502, 'topic_not_found', name],
    [7, 502, 'publish_forbidden', `${email} lacks roles/pubsub.publisher on ${name}`],
    [4, 503, 'pubsub_unavailable', ''],
    [8, 503, 'pubsub_unavailable', ''],
    [14, 503, 'pubsub_unavailable', ''],
    [16, 503, 'pubsub_unavailable', ''],
    [undefined, 503, 'pubsub_unavailable', ''],
  ])('gRPC %s: %i %s', async (grpcCode, status, code, detail) => {
    publishMessage = () => Promise.reject(Object.assign(new Error('x'), { code: grpcCode }));
    await expect(publish()).rejects.toMatchObject({
      status,
      code,
      message: expect.stringContaining(detail),
    });
  });
});

describe('never waits without end', () => {
  it('for a confirmation', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    publishMessage = never;
    const failed = expect(publish()).rejects.toMatchObject({ code: 'pubsub_unavailable' });
    await vi.advanceTimersByTimeAsync(5_000);
    await failed;
  });

  it('for its own name, once Pub/Sub has confirmed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    askEmail = never;
    const answer = publish();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await answer).toMatchObject({ messageId: '7', publishedBy: null });
  });

  it('nor tries what nobody waits for', async () => {
    publishMessage = () => Promise.reject(new Error('must not be called'));
    await expect(publish(Deadline.after(0))).rejects.toMatchObject({
      status: 504,
      code: 'deadline_exceeded',
    });
  });
});

it('without an access token nothing is published', async () => {
  getAccessToken = () => Promise.reject(new Error('no token'));
  publishMessage = () => Promise.reject(new Error('must not be called'));
  await expect(publish()).rejects.toThrow('no token');
});

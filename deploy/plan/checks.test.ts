import { describe, expect, it } from 'vitest';
import { addBinding } from './add-binding.ts';
import { buildImage } from './build-image.ts';
import { createAccount } from './create-account.ts';
import { createSubscription } from './create-topic.ts';
import { apis, enableApis } from './enable-apis.ts';
import type { Step } from './step.ts';

const place = { project: 'my-project', region: 'europe-west1' };
const member = 'user:Ada@example.com';
const binding = addBinding(
  {
    resource: '//run.googleapis.com/projects/my-project/locations/europe-west1/services/caller',
    role: 'roles/run.invoker',
    member,
  },
  place,
);
const subscription = createSubscription(
  {
    id: 'reader',
    name: 'projects/my-project/subscriptions/reader',
    resource: '//pubsub.googleapis.com/projects/my-project/subscriptions/reader',
    topic: 'projects/my-project/topics/events',
  },
  place,
);
const api = (name: string) => ({ config: { name }, state: 'ENABLED' });
const bindings = (...list: unknown[]) => ({ etag: 'x', bindings: list });
const repository = 'projects/my-project/locations/europe-west1/repositories/services';

describe('the check of a step', () => {
  it.each<[boolean, string, Step, unknown]>([
    [true, 'all APIs', enableApis(place), [...apis, 'other.googleapis.com'].map(api)],
    [false, 'an API is missing', enableApis(place), apis.slice(1).map(api)],
    [false, 'no API', enableApis(place), []],
    [true, 'the tag, short', buildImage('caller', [], 'v1', place), [{ name: 'v1' }]],
    [
      true,
      'the tag, long',
      buildImage('caller', [], 'v1', place),
      [{ name: `${repository}/packages/caller/tags/v1` }],
    ],
    [false, 'another tag', buildImage('caller', [], 'v1', place), [{ name: 'v10' }]],
    [true, 'an account', createAccount('a@b.c', ['a'], place), { email: 'a@b.c' }],
    [false, 'a disabled account', createAccount('a@b.c', ['a'], place), { disabled: true }],
    [true, 'its topic', subscription, { topic: 'projects/my-project/topics/events' }],
    [false, 'another topic', subscription, { topic: 'projects/my-project/topics/other' }],
    [false, 'a deleted topic', subscription, { topic: '_deleted-topic_' }],
    [true, 'a binding', binding, bindings({ role: 'roles/run.invoker', members: [member] })],
    [
      true,
      'a binding in lower case',
      binding,
      bindings({ role: 'roles/run.invoker', members: ['user:b@c.d', 'user:ada@example.com'] }),
    ],
    [false, 'another role', binding, bindings({ role: 'roles/run.viewer', members: [member] })],
    [
      false,
      'a binding under a condition',
      binding,
      bindings({ role: 'roles/run.invoker', members: [member], condition: { title: 'today' } }),
    ],
    [false, 'an empty policy', binding, { etag: 'ACAB' }],
    [false, 'nonsense', binding, 'x'],
  ])('says %s for %s', (expected, _title, { check }, answer) => {
    expect(check.isDone(answer)).toBe(expected);
  });
});

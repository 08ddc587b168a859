import { describe, expect, it } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { InvalidPolicyError, StaleEtagError } from './policy.ts';
import { PolicyStore } from './policy-store.ts';
import {
  parseResourceName,
  projectResource,
  serviceResource,
  topicResource,
} from './resource-names.ts';

const receiver = serviceResource('demo-project', 'europe-west1', 'receiver');
const topic = topicResource('demo-project', 'events');
const project = projectResource('demo-project');
const role = 'roles/run.invoker';
const ann = 'user:ann@example.com';
const bob = 'user:bob@example.com';

const newStore = () => new PolicyStore({ clock: standingClock() });

describe('PolicyStore', () => {
  it('has an empty policy for everything', () => {
    expect(newStore().get(receiver)).toEqual({ version: 1, bindings: [], etag: 'ACAB' });
  });

  it('changes the etag with every write, and accepts the latest only', () => {
    const store = newStore();
    const bindings = [{ role, members: [ann] }];
    const first = store.set(receiver, { bindings, etag: 'ACAB', version: 3 });
    expect(first).toMatchObject({ version: 1, bindings });
    expect(() => store.set(receiver, { bindings: [], etag: 'ACAB' })).toThrow(StaleEtagError);
    expect(store.get(receiver)).toEqual(first);
    const second = store.set(receiver, { bindings, etag: first.etag });
    expect(second.etag).not.toBe(first.etag);
    expect(second.etag).toMatch(/^[A-Za-z0-9+/]{11}=$/);
  });

  it('overwrites without an etag', () => {
    const store = newStore();
    store.addBinding(receiver, role, ann);
    expect(store.set(receiver, { bindings: [] }).bindings).toEqual([]);
  });

  it('loses nothing of two writers that read, modify and write', () => {
    const store = newStore();
    const [one, other] = [store.get(receiver), store.get(receiver)];
    store.set(receiver, { ...one, bindings: [{ role, members: [ann] }] });
    expect(() => store.set(receiver, { ...other, bindings: [{ role, members: [bob] }] })).toThrow(
      StaleEtagError,
    );
    store.addBinding(receiver, role, bob);
    expect(store.get(receiver).bindings).toEqual([{ role, members: [ann, bob] }]);
  });

  it('merges bindings of a role, drops empty ones and repeats, and writes e-mails in lower case', () => {
    const { bindings } = newStore().set(receiver, {
      bindings: [
        { role, members: [ann] },
        { role: 'roles/run.viewer', members: [] },
        { role, members: ['user:Ann@Example.com', bob] },
      ],
    });
    expect(bindings).toEqual([{ role, members: [ann, bob] }]);
  });

  it('hands out copies', () => {
    const store = newStore();
    const members = [ann];
    const returned = store.set(receiver, { bindings: [{ role, members }] });
    members.push(bob);
    returned.bindings[0]?.members.push(bob);
    store.get(receiver).bindings.pop();
    expect(store.get(receiver).bindings).toEqual([{ role, members: [ann] }]);
  });

  it('removes one member, says whether it was there, and forgets deleted resources', () => {
    const store = newStore();
    store.addBinding(receiver, role, ann);
    store.addBinding(receiver, role, bob);
    expect(store.removeBinding(receiver, role, 'user:ANN@example.com')).toBe(true);
    expect(store.removeBinding(receiver, role, ann)).toBe(false);
    expect(store.removeBinding(topic, role, ann)).toBe(false);
    expect(store.removeBinding(receiver, role, bob)).toBe(true);
    expect(store.get(receiver).bindings).toEqual([]);
    store.remove(receiver);
    expect(store.get(receiver).etag).toBe('ACAB');
  });

  it.each<[title: string, resource: string, role: string, member: string, message: RegExp]>([
    ['no type', receiver, role, 'ann@example.com', /Invalid member "ann@example.com"/],
    ['empty', receiver, role, '', /Invalid member ""/],
    ['no e-mail', receiver, role, 'user:ann', /Invalid member/],
    ['two @', receiver, role, 'user:a@b@example.com', /Invalid member/],
    ['space', receiver, role, 'user:a b@example.com', /Invalid member/],
    ['line feed', receiver, role, 'user:ann@example.com\n', /Invalid member/],
    ['control character', receiver, role, 'user:\u001b[2Jann@example.com', /Invalid member/],
    ['half a character', receiver, role, 'user:\ud800@example.com', /Invalid member/],
    ['too long', receiver, role, `user:${'a'.repeat(65)}@example.com`, /Invalid member/],
    ['type in capitals', receiver, role, 'User:ann@example.com', /Invalid member/],
    ['principal set', receiver, role, 'principalSet://goog/public:all', /Invalid member/],
    ['deleted without uid', receiver, role, 'deleted:user:ann@example.com', /Invalid member/],
    ['uid without deleted', receiver, role, 'user:ann@example.com?uid=1', /Invalid member/],
    ['unknown role', receiver, 'roles/run.everything', ann, /Role roles\/run.everything/],
    ['role without roles/', receiver, 'run.invoker', ann, /must be in the form "roles\/{role}"/],
    ['role with a space', receiver, `${role} `, ann, /must be in the form "roles\/{role}"/],
    ['public project', project, 'roles/viewer', 'allUsers', /allUsers cannot be granted/],
    ['public project', project, role, 'allAuthenticatedUsers', /allAuthenticatedUsers cannot/],
  ])('refuses: %s', (_title, resource, wanted, member, message) => {
    const store = newStore();
    const attempt = () => store.addBinding(resource, wanted, member);
    expect(attempt).toThrow(InvalidPolicyError);
    expect(attempt).toThrow(message);
    expect(store.resources()).toEqual([]);
  });

  it.each([
    ['members', 1501, 1, undefined, /number of members in the policy \(1501\)/],
    ['conditions of one member', 1, 21, 'true', /more than 20 conditional bindings of roles\/run/],
  ])('refuses too many %s', (_what, people, times, expression, message) => {
    const store = newStore();
    const members = Array.from({ length: people }, (_, i) => `user:ann${i}@example.com`);
    const bindings = Array.from({ length: times }, (_, i) => ({
      role,
      members,
      ...(expression && { condition: { title: `${i}`, expression } }),
    }));
    expect(() => store.set(receiver, { bindings, version: 3 })).toThrow(message);
    expect(store.resources()).toEqual([]);
  });

  it('refuses versions that do not exist', () => {
    const store = newStore();
    expect(() => store.set(receiver, { bindings: [], version: 2 })).toThrow(/version 2/);
    expect(() => store.get(receiver, 4)).toThrow(/version 4/);
  });
});

describe('parseResourceName', () => {
  it.each([
    [
      receiver,
      { kind: 'service', project: 'demo-project', region: 'europe-west1', service: 'receiver' },
    ],
    [topic, { kind: 'topic', project: 'demo-project', topic: 'events' }],
    [project, { kind: 'project', project: 'demo-project' }],
    [
      '//pubsub.googleapis.com/projects/p/subscriptions/s',
      { kind: 'subscription', project: 'p', subscription: 's' },
    ],
    [
      '//iam.googleapis.com/projects/p/serviceAccounts/a@b.c',
      { kind: 'serviceAccount', project: 'p', email: 'a@b.c' },
    ],
    ['//pubsub.googleapis.com/projects/p/snapshots/s', undefined],
    ['//pubsub.googleapis.com/projects/p/topics', undefined],
    ['//pubsub.googleapis.com/projects/p/topics/t/x', undefined],
    ['projects/p/topics/t', undefined],
    ['', undefined],
  ])('%s', (name, expected) => {
    expect(parseResourceName(name)).toEqual(expected);
  });
});

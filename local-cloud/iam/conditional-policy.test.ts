import { describe, expect, it } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { type Condition, InvalidPolicyError } from './policy.ts';
import { PolicyStore } from './policy-store.ts';
import { serviceResource } from './resource-names.ts';

const receiver = serviceResource('demo-project', 'europe-west1', 'receiver');
const role = 'roles/run.invoker';
const ann = 'user:ann@example.com';
const bob = 'user:bob@example.com';
const condition: Condition = {
  title: 'until 2027',
  expression: 'request.time < timestamp("2027-01-01T00:00:00Z")',
};
const conditional = { role, members: [ann], condition };

function newStore() {
  return new PolicyStore({ clock: standingClock() });
}

function storeWithCondition() {
  const store = newStore();
  store.set(receiver, { bindings: [conditional, { role, members: [bob] }], version: 3 });
  return store;
}

describe('a policy with a condition', () => {
  it('is version 3, whether read or written', () => {
    const store = newStore();
    const written = store.set(receiver, { bindings: [conditional], version: 3 });
    expect(written).toMatchObject({ version: 3, bindings: [conditional] });
    expect(store.get(receiver)).toEqual(written);
  });

  it('keeps bindings of one role apart by their conditions, and merges those alike', () => {
    const other = { ...condition, description: 'or so' };
    const { bindings } = newStore().set(receiver, {
      version: 3,
      bindings: [
        conditional,
        { role, members: [ann] },
        { role, members: [bob], condition: { ...condition } },
        { role, members: [bob], condition: other },
      ],
    });
    expect(bindings).toEqual([
      { role, members: [ann, bob], condition },
      { role, members: [ann] },
      { role, members: [bob], condition: other },
    ]);
  });

  it.each([0, 1])('is read as version %i without its conditions, under other names', (version) => {
    const { bindings, ...policy } = storeWithCondition().get(receiver, version);
    expect(policy.version).toBe(1);
    expect(bindings).toEqual([
      {
        role: expect.stringMatching(/^roles\/run\.invoker_withcond_[0-9a-f]{20}$/),
        members: [ann],
      },
      { role, members: [bob] },
    ]);
  });

  it('is not lost to a client that does not know of conditions', () => {
    const store = storeWithCondition();
    const before = store.get(receiver);
    const asRead = store.get(receiver, 1);
    expect(() => store.set(receiver, asRead)).toThrow(
      /^Specified policy version \(1\) cannot be less than the existing policy version \(3\)/,
    );
    expect(() => store.set(receiver, { ...asRead, version: 3 })).toThrow(
      /_withcond_[0-9a-f]{20} stands for a binding with a condition/,
    );
    expect(store.get(receiver)).toEqual(before);
  });

  it('is overwritten where the client sends no etag', () => {
    const written = storeWithCondition().set(receiver, { bindings: [{ role, members: [bob] }] });
    expect(written).toMatchObject({ version: 1, bindings: [{ role, members: [bob] }] });
  });

  it('has bindings added and removed beside it', () => {
    const store = storeWithCondition();
    expect(store.removeBinding(receiver, role, ann)).toBe(false);
    expect(store.removeBinding(receiver, role, bob)).toBe(true);
    store.addBinding(receiver, role, bob, condition);
    expect(store.get(receiver).bindings).toEqual([{ role, members: [ann, bob], condition }]);
    expect(store.removeBinding(receiver, role, ann, condition)).toBe(true);
    expect(store.get(receiver).bindings).toEqual([{ role, members: [bob], condition }]);
  });

  it('keeps its condition when a member is replaced', () => {
    const store = storeWithCondition();
    store.replaceMember(ann, 'deleted:user:ann@example.com?uid=1');
    expect(store.get(receiver).bindings[0]).toEqual({
      role,
      members: ['deleted:user:ann@example.com?uid=1'],
      condition,
    });
  });
});

describe('Google refuses', () => {
  it.each<[title: string, binding: object, version: number, message: RegExp]>([
    ['version 1', {}, 1, /has a condition: write the policy with version 3/],
    ['version 0', {}, 0, /has a condition: write the policy with version 3/],
    ['basic role', { role: 'roles/viewer' }, 3, /Conditions can't be set on primitive roles/],
    ['everybody', { members: [ann, 'allUsers'] }, 3, /can't be set on bindings with allUsers/],
    ['all accounts', { members: ['allAuthenticatedUsers'] }, 3, /with allAuthenticatedUsers/],
    ['no title', { condition: { ...condition, title: '' } }, 3, /needs a title/],
    ['nonsense', { condition: { title: 'x', expression: 'yes' } }, 3, /The condition "x" is not/],
  ])('%s', (_title, binding, version, message) => {
    const store = newStore();
    const attempt = () =>
      store.set(receiver, { bindings: [{ ...conditional, ...binding }], version });
    expect(attempt).toThrow(InvalidPolicyError);
    expect(attempt).toThrow(message);
    expect(store.resources()).toEqual([]);
  });
});

describe('a custom role', () => {
  const watcher = 'projects/demo-project/roles/watcher';
  const known = { name: watcher, title: 'Watcher', permissions: new Set(['run.services.get']) };
  const roles = new Map([[watcher, known]]);
  const store = () => new PolicyStore({ clock: standingClock(), roles });

  it('is granted in its own project', () => {
    expect(store().addBinding(receiver, watcher, ann).bindings[0]?.role).toBe(watcher);
  });

  it.each([
    ['of another project', serviceResource('other', 'europe-west1', 'receiver'), watcher],
    ['that does not exist', receiver, 'projects/demo-project/roles/writer'],
  ])('%s is refused', (_title, resource, wanted) => {
    expect(() => store().addBinding(resource, wanted, ann)).toThrow(
      `Role (${wanted}) does not exist in the resource's hierarchy.`,
    );
  });
});

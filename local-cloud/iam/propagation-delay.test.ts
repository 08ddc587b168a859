import { describe, expect, it } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import { Iam } from './iam.ts';
import { projectResource, serviceResource } from './resource-names.ts';

const receiver = serviceResource('demo-project', 'europe-west1', 'receiver');
const role = 'roles/run.invoker';
const ann = 'user:ann@example.com';
const request = { principal: ann, permission: 'run.routes.invoke', resource: receiver } as const;

function setUp({ delayMs }: { delayMs: number }) {
  const clock = standingClock();
  const iam = new Iam({ clock });
  iam.propagationDelayMs = delayMs;
  const isAllowed = () => iam.check(request).allowed;
  return { clock, iam, policies: iam.policies, isAllowed };
}

describe('the propagation delay', () => {
  it('is read back at once, and counts when it is over', () => {
    const { clock, policies, isAllowed } = setUp({ delayMs: 60_000 });
    const written = policies.addBinding(receiver, role, ann);
    expect(policies.get(receiver)).toEqual(written);
    expect(isAllowed()).toBe(false);
    clock.advanceBy(59_999);
    expect(isAllowed()).toBe(false);
    clock.advanceBy(1);
    expect(isAllowed()).toBe(true);
  });

  it('holds for what is taken away, too', () => {
    const { clock, policies, isAllowed } = setUp({ delayMs: 60_000 });
    policies.addBinding(receiver, role, ann);
    clock.advanceBy(60_000);
    policies.removeBinding(receiver, role, ann);
    expect(isAllowed()).toBe(true);
    clock.advanceBy(60_000);
    expect(isAllowed()).toBe(false);
  });

  it('is that of the time of writing, and the latest write wins', () => {
    const { clock, iam, policies, isAllowed } = setUp({ delayMs: 60_000 });
    policies.addBinding(receiver, role, ann);
    iam.propagationDelayMs = 10_000;
    policies.removeBinding(receiver, role, ann);
    for (const ms of [10_000, 50_000, 60_000]) {
      clock.advanceBy(ms);
      expect(isAllowed()).toBe(false);
    }
  });

  it('counts each of several writes at its own time', () => {
    const { clock, policies, isAllowed } = setUp({ delayMs: 60_000 });
    const seen: boolean[] = [];
    for (const change of ['addBinding', 'removeBinding', 'addBinding'] as const) {
      policies[change](receiver, role, ann);
      clock.advanceBy(10_000);
    }
    clock.advanceBy(29_999);
    for (const ms of [1, 10_000, 10_000]) {
      clock.advanceBy(ms - 1);
      seen.push(isAllowed());
      clock.advanceBy(1);
      seen.push(isAllowed());
    }
    expect(seen).toEqual([false, true, true, false, false, true]);
  });

  it('is told in the reason, with nothing to do but wait', () => {
    const { clock, policies, iam } = setUp({ delayMs: 60_000 });
    policies.addBinding(projectResource('demo-project'), role, ann);
    clock.advanceBy(500);
    expect(iam.check(request)).toMatchObject({
      allowed: false,
      reason: `${ann} has no role with run.routes.invoke on receiver; ${role} on project demo-project was bound to ${ann}, which takes effect in 60 s`,
      closest: { kind: 'pending', inSeconds: 60 },
      remedy: undefined,
    });
  });

  it('is told to whoever sends no credentials, if it concerns them', () => {
    const { policies, iam } = setUp({ delayMs: 1_500 });
    policies.addBinding(receiver, role, 'allUsers');
    expect(iam.check({ ...request, principal: 'anonymous' })).toMatchObject({
      reason: expect.stringContaining('takes effect in 2 s'),
    });
  });

  it('does not hold for the deletion of an account or of a resource', () => {
    const { clock, policies, isAllowed } = setUp({ delayMs: 0 });
    policies.addBinding(receiver, role, ann);
    policies.propagationDelayMs = 60_000;
    policies.replaceMember(ann, 'deleted:user:ann@example.com?uid=1');
    expect(isAllowed()).toBe(false);
    policies.addBinding(receiver, role, ann);
    policies.remove(receiver);
    clock.advanceBy(60_000);
    expect(isAllowed()).toBe(false);
  });

  it.each([-1, 120_001, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %d ms', (delayMs) => {
    const { iam } = setUp({ delayMs: 120_000 });
    expect(() => {
      iam.propagationDelayMs = delayMs;
    }).toThrow(RangeError);
    expect(iam.propagationDelayMs).toBe(120_000);
  });
});

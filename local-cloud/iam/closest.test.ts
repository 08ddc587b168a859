import { describe, expect, it } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import type { Closest, Decision } from './access.ts';
import { Iam } from './iam.ts';
import { InvalidPolicyError } from './policy.ts';
import {
  projectResource,
  serviceAccountResource,
  serviceResource,
  topicResource,
} from './resource-names.ts';
import { ServiceAccounts } from './service-accounts.ts';

const project = projectResource('demo-project');
const receiver = serviceResource('demo-project', 'europe-west1', 'receiver');
const other = serviceResource('demo-project', 'europe-west1', 'other');
const topic = topicResource('demo-project', 'events');
const role = 'roles/run.invoker';
const email = 'caller@demo-project.iam.gserviceaccount.com';
const caller = `serviceAccount:${email}` as const;
const ann = 'user:ann@example.com';
const request = { principal: caller, permission: 'run.routes.invoke', resource: receiver } as const;
const never = { title: 'never', expression: 'request.time < timestamp("2020-01-01T00:00:00Z")' };
const onPath = { title: 'path', expression: 'request.path == "/"' };

function setUp() {
  const clock = standingClock();
  const iam = new Iam({ clock });
  const accounts = new ServiceAccounts({ clock, policies: iam.policies });
  const account = accounts.seed('demo-project', email);
  iam.useAccounts(accounts);
  return { clock, iam, policies: iam.policies, accounts, account };
}

function refusal(decision: Decision): Extract<Decision, { allowed: false }> {
  if (decision.allowed) throw new Error(decision.reason);
  return decision;
}

type SetUp = ReturnType<typeof setUp>;

/** From the nearest to the farthest: what comes later is still there when an earlier one is told. */
const steps: [kind: Closest['kind'], arrange: (cloud: SetUp) => void][] = [
  ['other-member', ({ policies }) => policies.addBinding(receiver, role, ann)],
  ['other-resource', ({ policies }) => policies.addBinding(other, role, caller)],
  [
    'deleted-member',
    ({ policies }) => policies.addBinding(receiver, role, `deleted:${caller}?uid=1`),
  ],
  ['condition', ({ policies }) => policies.addBinding(project, role, caller, never)],
  [
    'pending',
    ({ iam, policies }) => {
      iam.propagationDelayMs = 5_000;
      policies.addBinding(receiver, role, caller);
    },
  ],
  ['account', ({ accounts, account }) => accounts.update(account, { disabled: true })],
];

describe('what came closest', () => {
  it.each(steps.map(([kind], index) => [kind, index] as const))(
    '%s comes before what is farther away',
    (kind, index) => {
      const cloud = setUp();
      for (const [, arrange] of steps.slice(0, index + 1)) arrange(cloud);
      expect(refusal(cloud.iam.check(request)).closest).toMatchObject({ kind });
    },
  );

  it('is nothing where nothing is bound', () => {
    expect(refusal(setUp().iam.check(request)).closest).toBeUndefined();
  });

  it('tells a condition that is false by its title and expression', () => {
    const { iam, policies } = setUp();
    policies.addBinding(receiver, role, caller, never);
    expect(refusal(iam.check(request))).toMatchObject({
      closest: { kind: 'condition', resource: receiver, role, member: caller, ...never },
      reason: `${caller} has no role with run.routes.invoke on receiver; ${role} on receiver is bound to ${caller}, but its condition "never" (${never.expression}) is false`,
      remedy: `npm run gcloud -- run services add-iam-policy-binding receiver --region=europe-west1 --member=${caller} --role=${role} --condition=None`,
    });
  });

  it('tells why a condition cannot be evaluated', () => {
    const { iam, policies } = setUp();
    policies.addBinding(receiver, role, caller, onPath);
    const { reason, closest } = refusal(iam.check(request));
    expect(closest).toMatchObject({ error: expect.stringContaining('path') });
    expect(reason).toContain('its condition "path" (request.path == "/") cannot be evaluated: ');
  });
});

describe('conditions', () => {
  it('deny only their own binding', () => {
    const { iam, policies } = setUp();
    for (const condition of [never, onPath]) policies.addBinding(receiver, role, caller, condition);
    expect(iam.check(request).allowed).toBe(false);
    policies.addBinding(project, role, caller, { title: 'always', expression: 'true' });
    expect(iam.check(request)).toMatchObject({
      allowed: true,
      grantedBy: { resource: project, role, member: caller },
      reason: `${role} on project demo-project is bound to ${caller}, and its condition "always" holds`,
    });
  });

  it.each<[expression: string, allowed: boolean]>([
    ['request.path.startsWith("/messages")', true],
    ['request.path.startsWith("/admin")', false],
    ['request.host == "receiver.run.app"', true],
    ['resource.name == "projects/demo-project/locations/europe-west1/services/receiver"', true],
    ['resource.type == "run.googleapis.com/Service"', true],
    ['resource.service == "pubsub.googleapis.com"', false],
  ])('read the request: %s is %s', (expression, allowed) => {
    const { iam, policies } = setUp();
    policies.addBinding(project, role, caller, { title: 'c', expression });
    const http = { host: 'receiver.run.app', path: '/messages' };
    expect(iam.check({ ...request, http }).allowed).toBe(allowed);
  });

  it.each([
    [project, 'cloudresourcemanager.googleapis.com/Project', 'resourcemanager.projects.get'],
    [topic, 'pubsub.googleapis.com/Topic', 'pubsub.topics.get'],
    [
      serviceAccountResource('demo-project', email),
      'iam.googleapis.com/ServiceAccount',
      'iam.serviceAccounts.get',
    ],
  ])('know the type of %s', (resource, type, permission) => {
    const { iam, policies } = setUp();
    const name = resource.replace(/^\/\/[^/]+\//, '');
    const expression = `resource.type == "${type}" && resource.name == "${name}"`;
    policies.addBinding(project, 'roles/iam.serviceAccountUser', caller, {
      title: 'c',
      expression,
    });
    policies.addBinding(project, 'roles/pubsub.viewer', caller, { title: 'c', expression });
    expect(iam.check({ principal: caller, permission, resource }).allowed).toBe(true);
  });

  it('follow the clock', () => {
    const { clock, iam, policies } = setUp();
    const end = new Date(clock.now() + 60_000).toISOString();
    const expression = `request.time < timestamp("${end}")`;
    policies.addBinding(receiver, role, caller, { title: 'for a minute', expression });
    expect(iam.check(request).allowed).toBe(true);
    clock.advanceBy(60_000);
    expect(iam.check(request).allowed).toBe(false);
  });
});

describe('an account that cannot act', () => {
  it('is refused whatever is bound, and allowed again when it is back', () => {
    const { iam, policies, accounts, account } = setUp();
    policies.addBinding(receiver, role, caller);
    policies.addBinding(receiver, role, 'allUsers');
    accounts.update(account, { disabled: true });
    expect(refusal(iam.check(request))).toMatchObject({
      reason: `${caller} is disabled, and a disabled account may do nothing`,
      remedy: `npm run gcloud -- iam service-accounts enable ${email}`,
    });
    accounts.update(account, { disabled: false });
    accounts.delete(account);
    expect(refusal(iam.check(request))).toMatchObject({
      closest: { kind: 'account', state: 'deleted' },
      remedy: `npm run gcloud -- iam service-accounts undelete ${account.uniqueId}`,
    });
    accounts.undelete(account.uniqueId);
    expect(iam.check(request).allowed).toBe(true);
  });

  it('may never have been there', () => {
    const principal = 'serviceAccount:typo@demo-project.iam.gserviceaccount.com';
    expect(refusal(setUp().iam.check({ ...request, principal }))).toMatchObject({
      closest: { kind: 'account', state: 'absent' },
      reason: `${principal} does not exist`,
      remedy: undefined,
    });
  });

  it('gets nothing of what a namesake had before it', () => {
    const { iam, policies, accounts, account } = setUp();
    policies.addBinding(receiver, role, caller);
    accounts.delete(account);
    accounts.create('demo-project', 'caller', { displayName: '', description: '' });
    expect(refusal(iam.check(request)).closest).toMatchObject({ kind: 'deleted-member' });
  });
});

describe('the condition in remedies', () => {
  it.each<[on: string, permission: string, ending: string]>([
    [project, 'resourcemanager.projects.setIamPolicy', ' --condition=None'],
    [receiver, 'run.services.get', ' --condition=None'],
    [
      serviceAccountResource('demo-project', email),
      'iam.serviceAccounts.actAs',
      ' --condition=None',
    ],
    [topic, 'pubsub.topics.publish', '--role=roles/pubsub.publisher'],
  ])('on %s', (resource, permission, ending) => {
    const { iam, policies } = setUp();
    policies.addBinding(resource, role, caller, never);
    const { remedy } = refusal(iam.check({ principal: caller, permission, resource }));
    expect(remedy?.endsWith(ending)).toBe(true);
  });
});

describe('members that do not exist', () => {
  it('are refused if they are accounts of this project, and only then', () => {
    const { policies, accounts, account } = setUp();
    const typo = 'serviceAccount:typo@demo-project.iam.gserviceaccount.com';
    const add = (member: string) => policies.addBinding(receiver, role, member);
    expect(() => add(typo)).toThrow(InvalidPolicyError);
    expect(() => add(typo)).toThrow(
      'Service account typo@demo-project.iam.gserviceaccount.com does not exist.',
    );
    expect(() => add(`${caller}x`)).toThrow(`Service account ${email}x does not exist.`);
    accounts.delete(account);
    expect(() => add(caller)).toThrow(`Service account ${email} does not exist.`);
    expect(() => add(`user:${email}`)).toThrow(`should appear as "serviceAccount:${email}".`);
    add('serviceAccount:x@elsewhere.iam.gserviceaccount.com');
    add('user:nobody@example.com');
  });
});

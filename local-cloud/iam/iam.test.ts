import { describe, expect, it } from 'vitest';
import { loadTopology, resolveTopology } from '../../deploy/topology.ts';
import { standingClock } from '../../tests/support/standing-clock.ts';
import type { Principal } from './access.ts';
import { Iam } from './iam.ts';
import { type GroupDirectory, noGroups } from './members.ts';
import {
  projectResource,
  serviceAccountResource,
  serviceResource,
  subscriptionResource,
  topicResource,
} from './resource-names.ts';
import { predefinedRoles } from './roles.ts';
import { developerProjectRoles, seedFromTopology } from './seed-from-topology.ts';

const project = 'demo-project';
const receiver = serviceResource(project, 'europe-west1', 'receiver');
const caller = serviceResource(project, 'europe-west1', 'caller');
const topic = topicResource(project, 'events');
const subscription = subscriptionResource(project, 'events-reader');
const wholeProject = projectResource(project);
const callerAccount = `serviceAccount:caller@${project}.iam.gserviceaccount.com` as const;
const receiverAccount = `serviceAccount:receiver@${project}.iam.gserviceaccount.com` as const;
const developer = 'user:developer@example.com';
const invoke = 'run.routes.invoke';

function setUp(bindings: [resource: string, role: string, member: string][], groups = {}) {
  const table: Record<string, string[]> = groups;
  const directory: GroupDirectory = {
    ...noGroups,
    membersOf: (group) => table[group] ?? [],
  };
  const iam = new Iam({ clock: standingClock(), directory });
  for (const binding of bindings) iam.policies.addBinding(...binding);
  return iam;
}

describe('who is meant by a member', () => {
  const groups = {
    'team@example.com': ['group:inner@example.com', 'user:ann@example.com'],
    'inner@example.com': [callerAccount, 'group:team@example.com'],
  };
  it.each<[member: string, principal: Principal, allowed: boolean]>([
    ['user:ann@example.com', 'user:ann@example.com', true],
    ['user:Ann@Example.com', 'user:ann@example.com', true],
    ['user:ann@example.com', 'user:ann2@example.com', false],
    ['user:ann@example.com', 'serviceAccount:ann@example.com', false],
    [callerAccount, callerAccount, true],
    [callerAccount, receiverAccount, false],
    ['group:team@example.com', 'user:ann@example.com', true],
    ['group:team@example.com', callerAccount, true],
    ['group:team@example.com', 'user:bob@example.com', false],
    ['group:unknown@example.com', 'user:ann@example.com', false],
    ['domain:example.com', 'user:ann@example.com', true],
    ['domain:example.com', 'user:ann@sub.example.com', false],
    ['domain:example.com', 'user:ann@notexample.com', false],
    ['domain:demo-project.iam.gserviceaccount.com', callerAccount, false],
    ['allAuthenticatedUsers', 'user:ann@example.com', true],
    ['allAuthenticatedUsers', callerAccount, true],
    ['allAuthenticatedUsers', 'anonymous', false],
    ['allUsers', 'anonymous', true],
    ['allUsers', callerAccount, true],
    ['deleted:user:ann@example.com?uid=123', 'user:ann@example.com', false],
    ['user:ann@example.com', 'anonymous', false],
  ])('%s includes %s: %s', (member, principal, allowed) => {
    const iam = setUp([[receiver, 'roles/run.invoker', member]], groups);
    expect(iam.check({ principal, permission: invoke, resource: receiver }).allowed).toBe(allowed);
  });
});

describe('where a role counts', () => {
  it.each<[on: string, role: string, permission: string, resource: string, allowed: boolean]>([
    [receiver, 'roles/run.invoker', invoke, receiver, true],
    [receiver, 'roles/run.invoker', invoke, caller, false],
    [wholeProject, 'roles/run.invoker', invoke, receiver, true],
    [projectResource('other'), 'roles/run.invoker', invoke, receiver, false],
    [receiver, 'roles/run.viewer', invoke, receiver, false],
    [wholeProject, 'roles/editor', invoke, receiver, true],
    [wholeProject, 'roles/owner', invoke, receiver, true],
    [wholeProject, 'roles/viewer', invoke, receiver, false],
    [topic, 'roles/pubsub.publisher', 'pubsub.topics.publish', topic, true],
    [topic, 'roles/pubsub.publisher', 'pubsub.topics.get', topic, false],
    [topic, 'roles/pubsub.subscriber', 'pubsub.subscriptions.consume', subscription, false],
    [topic, 'roles/pubsub.subscriber', 'pubsub.topics.attachSubscription', topic, true],
    [wholeProject, 'roles/owner', 'iam.serviceAccounts.getAccessToken', wholeProject, false],
    [wholeProject, 'roles/editor', 'run.services.setIamPolicy', receiver, false],
    [wholeProject, 'roles/pubsub.editor', 'pubsub.topics.setIamPolicy', topic, false],
  ])('on %s, %s allows %s on %s: %s', (on, role, permission, resource, allowed) => {
    const iam = setUp([[on, role, callerAccount]]);
    expect(iam.check({ principal: callerAccount, permission, resource }).allowed).toBe(allowed);
  });
});

describe('reasons', () => {
  const reasonFor = (iam: Iam, principal: Principal, permission = invoke, resource = receiver) =>
    iam.check({ principal, permission, resource }).reason;

  it.each<[title: string, iam: Iam, reason: string]>([
    [
      'bound',
      setUp([[receiver, 'roles/run.invoker', callerAccount]]),
      `roles/run.invoker on receiver is bound to ${callerAccount}`,
    ],
    [
      'bound on the project',
      setUp([[wholeProject, 'roles/editor', callerAccount]]),
      `roles/editor on project demo-project is bound to ${callerAccount}`,
    ],
    [
      'through a group',
      setUp([[receiver, 'roles/run.invoker', 'group:team@example.com']], {
        'team@example.com': [callerAccount],
      }),
      `roles/run.invoker on receiver is bound to group:team@example.com, which ${callerAccount} is in`,
    ],
    [
      'nothing at all',
      setUp([]),
      `${callerAccount} has no role with run.routes.invoke on receiver`,
    ],
    [
      'other member',
      setUp([[receiver, 'roles/run.invoker', receiverAccount]]),
      `${callerAccount} has no role with run.routes.invoke on receiver; roles/run.invoker on receiver is bound to ${receiverAccount} only`,
    ],
    [
      'other resource',
      setUp([[caller, 'roles/run.invoker', callerAccount]]),
      `${callerAccount} has no role with run.routes.invoke on receiver; it has roles/run.invoker on caller, which is another resource`,
    ],
    [
      'deleted account',
      setUp([[receiver, 'roles/run.invoker', `deleted:${callerAccount}?uid=1`]]),
      `${callerAccount} has no role with run.routes.invoke on receiver; roles/run.invoker on receiver is bound to a deleted account of that name, which no longer counts`,
    ],
  ])('%s', (_title, iam, reason) => {
    expect(reasonFor(iam, callerAccount)).toBe(reason);
  });

  it('tells an anonymous client to send a token, and proposes no command', () => {
    const decision = setUp([]).check({
      principal: 'anonymous',
      permission: invoke,
      resource: receiver,
    });
    expect(decision.reason).toBe(
      'the request carries no token and receiver is not public: send an ID token made for the URL of receiver',
    );
    expect(decision).toMatchObject({ allowed: false, remedy: undefined });
  });
});

describe('remedies', () => {
  const accounts = serviceAccountResource(project, 'caller@demo-project.iam.gserviceaccount.com');
  it.each<[permission: string, resource: string, command: string | undefined]>([
    [
      invoke,
      receiver,
      `npm run gcloud -- run services add-iam-policy-binding receiver --region=europe-west1 --member=${callerAccount} --role=roles/run.invoker`,
    ],
    [
      'pubsub.topics.publish',
      topic,
      `npm run gcloud -- pubsub topics add-iam-policy-binding events --member=${callerAccount} --role=roles/pubsub.publisher`,
    ],
    [
      'pubsub.subscriptions.consume',
      subscription,
      `npm run gcloud -- pubsub subscriptions add-iam-policy-binding events-reader --member=${callerAccount} --role=roles/pubsub.subscriber`,
    ],
    [
      'pubsub.topics.create',
      wholeProject,
      `npm run gcloud -- projects add-iam-policy-binding demo-project --member=${callerAccount} --role=roles/pubsub.editor`,
    ],
    [
      'iam.serviceAccounts.getOpenIdToken',
      accounts,
      `npm run gcloud -- iam service-accounts add-iam-policy-binding caller@demo-project.iam.gserviceaccount.com --member=${callerAccount} --role=roles/iam.serviceAccountOpenIdTokenCreator`,
    ],
    [
      'run.services.setIamPolicy',
      receiver,
      `npm run gcloud -- run services add-iam-policy-binding receiver --region=europe-west1 --member=${callerAccount} --role=roles/run.admin`,
    ],
    [
      'resourcemanager.projects.setIamPolicy',
      wholeProject,
      `npm run gcloud -- projects add-iam-policy-binding demo-project --member=${callerAccount} --role=roles/resourcemanager.projectIamAdmin`,
    ],
    ['no.such.permission', receiver, undefined],
    [invoke, '//storage.googleapis.com/projects/_/buckets/b', undefined],
  ])('%s on %s', (permission, resource, command) => {
    const decision = setUp([]).check({ principal: callerAccount, permission, resource });
    expect(decision).toMatchObject({ allowed: false, remedy: command });
  });

  it('quotes what a shell would read otherwise', () => {
    const decision = setUp([]).check({
      principal: "user:a$(id)'@example.com",
      permission: invoke,
      resource: receiver,
    });
    expect(decision).toHaveProperty(
      'remedy',
      expect.stringContaining(`--member='user:a$(id)'\\''@example.com'`),
    );
  });
});

describe('the seed', () => {
  const topology = resolveTopology(loadTopology(), {
    project,
    projectNumber: '123456789012',
    region: 'europe-west1',
    deployer: developer,
  });
  const seeded = () => {
    const iam = setUp([]);
    seedFromTopology(iam.policies, topology);
    return iam;
  };

  it('names resources as the rest of the local cloud does', () => {
    expect(topology.services.map(({ resource }) => resource)).toEqual([receiver, caller]);
    expect(topology.topics.map(({ resource }) => resource)).toEqual([topic]);
    expect(topology.subscriptions.map(({ resource }) => resource)).toEqual([subscription]);
  });

  it.each<[Principal, string, string, boolean]>([
    [callerAccount, invoke, receiver, true],
    [callerAccount, invoke, caller, false],
    [callerAccount, 'pubsub.topics.publish', topic, false],
    [receiverAccount, 'pubsub.topics.publish', topic, true],
    [receiverAccount, invoke, receiver, false],
    [developer, invoke, caller, true],
    [developer, invoke, receiver, false],
    [developer, 'pubsub.topics.create', wholeProject, true],
    [developer, 'pubsub.subscriptions.consume', subscription, true],
    [developer, 'run.services.setIamPolicy', receiver, true],
    [developer, 'pubsub.topics.setIamPolicy', topic, true],
    [developer, 'iam.serviceAccounts.create', wholeProject, true],
    [developer, 'resourcemanager.projects.setIamPolicy', wholeProject, true],
  ])('%s, %s on %s: %s', (principal, permission, resource, allowed) => {
    expect(seeded().check({ principal, permission, resource }).allowed).toBe(allowed);
  });

  it('gives the developer no role on the project that can invoke', () => {
    for (const role of developerProjectRoles) {
      expect(predefinedRoles.get(role)?.permissions.has(invoke), role).toBe(false);
    }
  });

  it('locks the developer out of the caller when the binding is removed', () => {
    const iam = seeded();
    expect(iam.policies.removeBinding(caller, 'roles/run.invoker', developer)).toBe(true);
    const request = { principal: developer, permission: invoke, resource: caller } as const;
    expect(iam.check(request).allowed).toBe(false);
  });
});

describe('Iam', () => {
  const request = { principal: callerAccount, permission: invoke, resource: receiver } as const;

  it('records what it authorizes, not what it checks', () => {
    const clock = standingClock();
    const iam = new Iam({ clock });
    const heard: number[] = [];
    const stop = iam.decisions.onDecision(({ sequence }) => heard.push(sequence));
    iam.check(request);
    const decision = iam.authorize(request, 'POST /messages');
    stop();
    iam.record(decision, 'GET /');
    expect(heard).toEqual([1]);
    expect(iam.decisions.since(0)).toMatchObject([
      { sequence: 1, action: 'POST /messages', decision },
      { sequence: 2, action: 'GET /', decision },
    ]);
    expect(iam.decisions.since(1)).toHaveLength(1);
  });

  it('remembers the latest 1000 decisions', () => {
    const iam = setUp([]);
    for (let n = 0; n < 2500; n += 1) iam.authorize(request, 'GET /');
    const events = iam.decisions.since(0);
    expect(events).toHaveLength(1000);
    expect(events.at(-1)?.sequence).toBe(2500);
  });

  it('answers testIamPermissions', () => {
    const iam = setUp([[receiver, 'roles/run.viewer', developer]]);
    expect(iam.testPermissions(developer, receiver, ['run.services.get', invoke])).toEqual([
      'run.services.get',
    ]);
  });

  it('keeps nothing in common with another one', () => {
    const [one, other] = [setUp([[receiver, 'roles/run.invoker', callerAccount]]), setUp([])];
    expect(one.check(request).allowed).toBe(true);
    expect(other.check(request).allowed).toBe(false);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { standingClock } from '../../tests/support/standing-clock.ts';
import type { AccessRequest, Decision } from './access.ts';
import { type EvaluationContext, evaluate } from './evaluate.ts';
import { Iam } from './iam.ts';
import type { GroupDirectory } from './members.ts';
import type { Binding } from './policy.ts';
import { prepareBinding } from './prepared-binding.ts';
import { parentOf, projectResource, serviceResource, topicResource } from './resource-names.ts';
import { predefinedRoles } from './roles.ts';
import { noAccounts } from './service-accounts.ts';

const project = projectResource('demo');
const topic = topicResource('demo', 'events');
const service = serviceResource('demo', 'europe-west1', 'receiver');
const places = [
  ...[project, topic, service, serviceResource('demo', 'europe-west1', 'other')],
  ...[projectResource('elsewhere'), topicResource('elsewhere', 'events')],
];
const principals = [
  'user:ann@example.com',
  'user:ann@example.com.evil.org',
  'serviceAccount:caller@demo.iam.gserviceaccount.com',
  'serviceAccount:ann@example.com',
  'anonymous',
] as const;

/** What Google's documents say of these roles, as far as these permissions go. */
const granted: Readonly<Record<string, readonly string[]>> = {
  'roles/run.invoker': ['run.routes.invoke'],
  'roles/run.viewer': ['run.services.get'],
  'roles/run.admin': ['run.routes.invoke', 'run.services.get'],
  'roles/pubsub.publisher': ['pubsub.topics.publish'],
  'roles/pubsub.viewer': ['pubsub.topics.get'],
  'roles/editor': [
    'run.routes.invoke',
    'run.services.get',
    'pubsub.topics.publish',
    'pubsub.topics.get',
  ],
  'roles/viewer': ['run.services.get', 'pubsub.topics.get'],
  'projects/demo/roles/gone': [],
};

/** The members of a binding, and whom they mean. The two groups hold each other, and one of them the caller. */
const [ann, , caller, namesake] = principals;
const means: Readonly<Record<string, readonly string[]>> = {
  allUsers: principals,
  allAuthenticatedUsers: principals.slice(0, 4),
  [ann]: [ann],
  'user:Ann@EXAMPLE.com': [ann],
  [caller]: [caller],
  [namesake]: [namesake],
  'user:caller@demo.iam.gserviceaccount.com': [],
  'domain:example.com': [ann],
  'domain:ple.com': [],
  'group:team@example.com': [ann, caller],
  'group:inner@example.com': [ann, caller],
  'group:nobody@example.com': [],
  [`deleted:${caller}?uid=1`]: [],
  'deleted:group:team@example.com?uid=1': [],
};
const groups: Readonly<Record<string, readonly string[]>> = {
  'team@example.com': [ann, 'group:inner@example.com'],
  'inner@example.com': ['group:team@example.com', caller, 'deleted:user:bob@example.com?uid=7'],
};
const directory: GroupDirectory = {
  membersOf: (email) => groups[email] ?? [],
  hasGroup: () => true,
  hasDomain: () => true,
};

const clock = standingClock();
const time = (ms: number) => `timestamp("${new Date(clock.now() + ms).toISOString()}")`;
const conditions: { expression: string; holds: (request: AccessRequest) => boolean }[] = [
  { expression: 'true', holds: () => true },
  { expression: 'false', holds: () => false },
  { expression: `request.time < ${time(1)}`, holds: () => true },
  { expression: `request.time < ${time(0)}`, holds: () => false },
  { expression: 'request.path.startsWith("/m")', holds: ({ http }) => http?.path[1] === 'm' },
  {
    expression: 'resource.service == "run.googleapis.com"',
    holds: ({ resource }) => resource === service,
  },
];

type Attached = Binding & { on: string };

const binding: fc.Arbitrary<Attached> = fc
  .record({
    on: fc.constantFrom(...places, project, topic, service),
    role: fc.constantFrom(...Object.keys(granted)),
    members: fc.uniqueArray(fc.constantFrom(...Object.keys(means)), {
      minLength: 1,
      maxLength: 5,
    }),
    expression: fc.option(fc.constantFrom(...conditions.map(({ expression }) => expression)), {
      nil: undefined,
      freq: 2,
    }),
  })
  .map(({ expression, ...rest }) => ({
    ...rest,
    ...(expression && { condition: { title: 'c', expression } }),
  }));
const bindings = fc.array(binding, { maxLength: 8, size: 'max' });

const request: fc.Arbitrary<AccessRequest> = fc
  .record({
    principal: fc.constantFrom(...principals),
    permission: fc.constantFrom(...(granted['roles/editor'] ?? [])),
    resource: fc.constantFrom(project, topic, service),
    path: fc.constantFrom(undefined, '/messages', '/admin'),
  })
  .map(({ path, ...rest }) => ({ ...rest, ...(path && { http: { host: 'x.run.app', path } }) }));

function decide(of: AccessRequest, all: readonly Attached[]): Decision {
  const attached = (resource: string) => ({
    resource,
    bindings: all.filter(({ on }) => on === resource).map(prepareBinding),
    pending: [],
  });
  const near = [...new Set([of.resource, project])];
  const context: EvaluationContext = {
    nowMs: clock.now(),
    policies: near.map(attached),
    elsewhere: () => places.filter((place) => !near.includes(place)).map(attached),
    roles: predefinedRoles,
    directory,
    accounts: noAccounts,
  };
  return evaluate(of, context);
}

/** Whether this binding alone allows the request: https://cloud.google.com/iam/docs/allow-policies */
function grants({ on, role, members, condition }: Attached, of: AccessRequest): boolean {
  if (on !== of.resource && on !== project) return false;
  if (!granted[role]?.includes(of.permission)) return false;
  if (!members.some((member) => means[member]?.includes(of.principal))) return false;
  const known = conditions.find(({ expression }) => expression === condition?.expression);
  return known === undefined || known.holds(of);
}

const options = { numRuns: 400 };

it('allows what some binding grants, and nothing else', () => {
  const seen = { allowed: 0, refused: 0 };
  fc.assert(
    fc.property(bindings, request, (all, of) => {
      const expected = all.some((one) => grants(one, of));
      seen[expected ? 'allowed' : 'refused'] += 1;
      expect(decide(of, all).allowed).toBe(expected);
    }),
    { numRuns: 1_500 },
  );
  expect(Math.min(seen.allowed, seen.refused)).toBeGreaterThan(50);
});

it('names a binding that is there, whether it allows or refuses', () => {
  fc.assert(
    fc.property(bindings, request, (all, of) => {
      const decision = decide(of, all);
      const named = decision.allowed ? decision.grantedBy : decision.closest;
      if (!named || !('role' in named)) return;
      const isNamed = ({ on, role, members }: Attached) =>
        on === named.resource &&
        role === named.role &&
        (!('member' in named) ||
          members.some((member) => member.toLowerCase() === named.member.toLowerCase()));
      const there = all.filter(isNamed);
      expect(there).not.toEqual([]);
      if (decision.allowed) expect(there.some((one) => grants(one, of))).toBe(true);
    }),
    { numRuns: 1_500 },
  );
});

it('takes nothing away when a binding comes, and nothing when an unrelated one goes', () => {
  fc.assert(
    fc.property(bindings, binding, request, (all, one, of) => {
      const [without, withIt] = [decide(of, all).allowed, decide(of, [...all, one]).allowed];
      expect(withIt).toBe(without || grants(one, of));
    }),
    options,
  );
});

it('does not depend on the order of bindings and members', () => {
  fc.assert(
    fc.property(bindings, request, fc.infiniteStream(fc.double()), (all, of, random) => {
      const shuffled = <T>(list: readonly T[]) =>
        list
          .map((value) => ({ value, at: Number(random.next().value) }))
          .sort((a, b) => a.at - b.at)
          .map(({ value }) => value);
      const other = shuffled(all).map((one) => ({ ...one, members: shuffled(one.members) }));
      expect(decide(of, other).allowed).toBe(decide(of, all).allowed);
    }),
    options,
  );
});

it('is helped by its own remedy', () => {
  let helped = 0;
  fc.assert(
    fc.property(bindings, request, (all, of) => {
      const iam = new Iam({ clock, directory });
      const isPublic = ({ members }: Attached) =>
        members.some((member) => member.startsWith('all'));
      // What IAM itself refuses to store cannot come up.
      const storable = all.filter(
        (one) =>
          one.role in granted &&
          predefinedRoles.has(one.role) &&
          !(isPublic(one) && (one.condition || one.on === project || one.on === places[4])) &&
          !(one.condition && /editor|viewer$/.test(one.role) && !one.role.includes('.')) &&
          !one.members.includes('user:caller@demo.iam.gserviceaccount.com'),
      );
      for (const on of places) {
        iam.policies.set(on, { version: 3, bindings: storable.filter((one) => one.on === on) });
      }
      const decision = iam.check(of);
      expect(decision.allowed).toBe(storable.some((one) => grants(one, of)));
      if (decision.allowed) return;
      expect(decision.remedy === undefined).toBe(of.principal === 'anonymous');
      if (decision.remedy === undefined) return;
      helped += 1;
      applyRemedy(iam, decision.remedy);
      expect(iam.check(of).allowed, decision.remedy).toBe(true);
    }),
    options,
  );
  expect(helped).toBeGreaterThan(10);
});

/** Does what gcloud would do for such a command. */
function applyRemedy(iam: Iam, command: string): void {
  const [, collection, name = '', region = '', member = '', role = '', none] =
    /^npm run gcloud -- (projects|run services|pubsub topics) add-iam-policy-binding (\S+)(?: --region=(\S+))? --member=(\S+) --role=(\S+)( --condition=None)?$/.exec(
      command,
    ) ?? [];
  const resources: Record<string, string> = {
    projects: projectResource(name),
    'run services': serviceResource('demo', region, name),
    'pubsub topics': topicResource('demo', name),
  };
  const resource = resources[collection ?? ''];
  if (!resource) throw new Error(`not understood: ${command}`);
  expect(parentOf(resource) ?? resource).toBe(project);
  // gcloud asks back, unless told, where a policy has conditions; its Pub/Sub commands know of none.
  const asks = iam.policies.get(resource).bindings.some(({ condition }) => condition);
  expect(none !== undefined).toBe(asks && collection !== 'pubsub topics');
  iam.policies.addBinding(resource, role, member);
}

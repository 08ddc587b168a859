import { expect, it } from 'vitest';
import { type EvaluationContext, evaluate } from './evaluate.ts';
import { noGroups } from './members.ts';
import type { AttachedBindings } from './policy-store.ts';
import { type PreparedBinding, prepareBinding } from './prepared-binding.ts';
import { projectResource, serviceResource } from './resource-names.ts';
import { predefinedRoles } from './roles.ts';
import { noAccounts } from './service-accounts.ts';

const service = serviceResource('demo-project', 'europe-west1', 'receiver');
const request = {
  principal: 'user:ann@example.com',
  permission: 'run.routes.invoke',
  resource: service,
} as const;

/** One binding in all its variations; `counts` says whether that variation lets it grant. */
const variations = {
  place: [
    { on: service, counts: true },
    { on: projectResource('demo-project'), counts: true },
    { on: projectResource('other'), counts: false },
    { on: serviceResource('demo-project', 'europe-west1', 'other'), counts: false },
  ],
  role: [
    { role: 'roles/run.invoker', counts: true },
    { role: 'roles/editor', counts: true },
    { role: 'roles/run.viewer', counts: false },
    { role: 'projects/demo-project/roles/deleted', counts: false },
  ],
  member: [
    { member: 'user:ann@example.com', counts: true },
    { member: 'group:team@example.com', counts: true },
    { member: 'domain:example.com', counts: true },
    { member: 'allAuthenticatedUsers', counts: true },
    { member: 'user:bob@example.com', counts: false },
    { member: 'deleted:user:ann@example.com?uid=1', counts: false },
  ],
  condition: [
    { expression: undefined, counts: true },
    { expression: 'resource.service == "run.googleapis.com"', counts: true },
    { expression: 'resource.service == "pubsub.googleapis.com"', counts: false },
    { expression: 'request.path == "/"', counts: false },
  ],
  time: [
    { isPending: false, counts: true },
    { isPending: true, counts: false },
  ],
};

interface Case {
  on: string;
  binding: PreparedBinding;
  isPending: boolean;
  counts: boolean;
  title: string;
}

const cases: Case[] = variations.place.flatMap((place) =>
  variations.role.flatMap((role) =>
    variations.member.flatMap((member) =>
      variations.condition.flatMap((condition) =>
        variations.time.map((time): Case => {
          const { expression } = condition;
          return {
            on: place.on,
            binding: prepareBinding({
              role: role.role,
              members: [member.member],
              ...(expression && { condition: { title: 'c', expression } }),
            }),
            isPending: time.isPending,
            counts: [place, role, member, condition, time].every(({ counts }) => counts),
            title: JSON.stringify({ ...place, ...role, ...member, ...condition, ...time }),
          };
        }),
      ),
    ),
  ),
);

function decide(...bindings: readonly Case[]) {
  const attached = (resource: string): AttachedBindings => {
    const here = bindings.filter(({ on }) => on === resource);
    const now = here.filter(({ isPending }) => !isPending).map(({ binding }) => binding);
    const later = here.map(({ binding }) => binding);
    return { resource, bindings: now, pending: [{ bindings: later, effectiveAtMs: 5_000 }] };
  };
  const context: EvaluationContext = {
    nowMs: 0,
    policies: [attached(service), attached(projectResource('demo-project'))],
    elsewhere: () => variations.place.slice(2).map(({ on }) => attached(on)),
    roles: predefinedRoles,
    directory: { ...noGroups, membersOf: () => ['user:ann@example.com'] },
    accounts: noAccounts,
  };
  return evaluate(request, context);
}

it('allows exactly what a binding in force on the resource or its project grants', () => {
  expect(cases).toHaveLength(768);
  for (const one of cases) expect(decide(one).allowed, one.title).toBe(one.counts);
});

it('unites bindings: none takes away what another grants, in whatever order', () => {
  const sample = cases.filter((_, index) => index % 13 === 0);
  for (const one of sample) {
    for (const other of sample) {
      const either = one.counts || other.counts;
      expect(decide(one, other).allowed, `${one.title} ${other.title}`).toBe(either);
    }
  }
});

it('names what is pending wherever only time is missing', () => {
  for (const one of cases.filter(({ isPending }) => isPending)) {
    const wouldBe = cases[cases.indexOf(one) - 1]?.counts;
    const decision = decide(one);
    const kind = decision.allowed ? undefined : decision.closest?.kind;
    expect(kind === 'pending', one.title).toBe(wouldBe);
  }
});

it('asks for other policies only after a refusal', () => {
  const [granting] = cases;
  const context = (bindings: PreparedBinding[]): EvaluationContext => ({
    nowMs: 0,
    policies: [{ resource: service, bindings, pending: [] }],
    elsewhere: () => {
      throw new Error('asked');
    },
    roles: predefinedRoles,
    directory: noGroups,
    accounts: noAccounts,
  });
  expect(evaluate(request, context(granting ? [granting.binding] : [])).allowed).toBe(true);
  expect(() => evaluate(request, context([]))).toThrow('asked');
});

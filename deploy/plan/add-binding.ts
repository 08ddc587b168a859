import { z } from 'zod';
import type { ResolvedBinding } from '../topology.ts';
import { type Place, projectFlag, regionFlag, type Step } from './step.ts';

const policy = z.object({
  bindings: z
    .array(
      z.object({
        role: z.string(),
        members: z.array(z.string()).default([]),
        condition: z.unknown().optional(),
      }),
    )
    .default([]),
});

/** Adds one grant, on one service or topic; grants that others made stay. */
export function addBinding({ resource, role, member }: ResolvedBinding, place: Place): Step {
  const id = resource.slice(resource.lastIndexOf('/') + 1);
  const isTopic = resource.startsWith('//pubsub.googleapis.com/');
  const command = isTopic ? ['pubsub', 'topics'] : ['run', 'services'];
  const where = isTopic ? [projectFlag(place)] : [regionFlag(place), projectFlag(place)];
  // gcloud asks for it once a binding of the policy has a condition; its commands for topics know none.
  const unconditional = isTopic ? [] : ['--condition=None'];
  const deed = isTopic ? 'publish to' : 'invoke';
  return {
    group: 'bindings',
    subjects: [id],
    title: `Let ${member} ${deed} ${id}`,
    why: `${role}, on this ${isTopic ? 'topic' : 'service'} alone: on the project it would count for all that is in it.`,
    check: {
      args: [...command, 'get-iam-policy', id, ...where],
      isDone: (answer) => hasBinding(answer, { role, member }),
    },
    args: [
      ...[...command, 'add-iam-policy-binding', id],
      ...[`--member=${member}`, `--role=${role}`, ...unconditional, ...where],
    ],
  };
}

/** Whether a policy holds the grant, under no condition. */
export function hasBinding(
  answer: unknown,
  grant: Pick<ResolvedBinding, 'role' | 'member'>,
): boolean {
  const { bindings = [] } = policy.safeParse(answer).data ?? {};
  return bindings.some(
    ({ role, members, condition }) =>
      role === grant.role && !condition && holds(members, grant.member),
  );
}

/** Google gives addresses back in lower case. */
function holds(members: readonly string[], member: string): boolean {
  return members.some((other) => other.toLowerCase() === member.toLowerCase());
}

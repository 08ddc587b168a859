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
  const deed = isTopic ? 'publish to' : 'invoke';
  return {
    group: 'bindings',
    subjects: [id],
    title: `Let ${member} ${deed} ${id}`,
    why: `${role}, on this ${isTopic ? 'topic' : 'service'} alone. A role on the project would count for all that is in it.`,
    check: {
      args: [...command, 'get-iam-policy', id, ...where],
      isDone: (answer) =>
        policy
          .safeParse(answer)
          .data?.bindings.some(
            (binding) =>
              binding.role === role && !binding.condition && holds(binding.members, member),
          ) ?? false,
    },
    args: [
      ...[...command, 'add-iam-policy-binding', id],
      ...[`--member=${member}`, `--role=${role}`, ...where],
    ],
  };
}

/** Google gives addresses back in lower case. */
function holds(members: readonly string[], member: string): boolean {
  return members.some((other) => other.toLowerCase() === member.toLowerCase());
}

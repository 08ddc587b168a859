import { z } from 'zod';

/** A policy as every API of Google returns it. */
export const policySchema = z.object({
  bindings: z
    .array(
      z.object({
        role: z.string(),
        members: z.array(z.string()).default([]),
        condition: z.object({ title: z.string().default('') }).optional(),
      }),
    )
    .default([]),
});

export type Policy = z.output<typeof policySchema>;

/** One member's role. */
export interface Grant {
  role: string;
  member: string;
  /** Title of the condition under which it holds. */
  condition: string | undefined;
}

export function grantsOf(policy: Policy): Grant[] {
  return policy.bindings.flatMap(({ role, members, condition }) =>
    members.map((member) => ({ role, member, condition: condition?.title })),
  );
}

/** Whether two members are the same: e-mail addresses do not care for capitals. */
export function isSameMember(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

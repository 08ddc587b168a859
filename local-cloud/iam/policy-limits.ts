import { type Binding, InvalidPolicyError } from './policy.ts';

/** Of all bindings together, each counted as often as it appears: https://cloud.google.com/iam/quotas#limits */
const mostMembers = 1500;
/** Bindings of one role for one member, under different conditions (same page). */
const mostConditions = 20;

/**
 * Bounds what one decision costs: it looks at every member, and at every condition of the principal's.
 *
 * @throws {InvalidPolicyError}
 */
export function checkPolicyLimits(bindings: readonly Binding[]): void {
  const members = bindings.reduce((total, binding) => total + binding.members.length, 0);
  if (members > mostMembers) {
    // [O] Google's words.
    throw new InvalidPolicyError(
      `The number of members in the policy (${members}) is larger than the maximum allowed size ${mostMembers}.`,
    );
  }
  const conditions = new Map<string, number>();
  for (const { role, members, condition } of bindings) {
    if (!condition) continue;
    for (const member of members) {
      const key = `${role} for ${member}`;
      const count = (conditions.get(key) ?? 0) + 1;
      conditions.set(key, count);
      if (count > mostConditions) {
        throw new InvalidPolicyError(
          `The policy has more than ${mostConditions} conditional bindings of ${key}.`,
        );
      }
    }
  }
}

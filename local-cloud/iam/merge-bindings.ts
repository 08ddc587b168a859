import type { Binding, Condition } from './policy.ts';

/**
 * One binding for each role and condition, each member once, and none without members: the same role
 * under another condition is another binding.
 */
export function mergeBindings(bindings: readonly Binding[]): Binding[] {
  const merged = new Map<string, { binding: Binding; members: Set<string> }>();
  for (const binding of bindings) {
    const key = JSON.stringify([binding.role, binding.condition]);
    const members = merged.get(key)?.members ?? new Set();
    for (const member of binding.members) members.add(member);
    if (members.size > 0) merged.set(key, { binding, members });
  }
  return Array.from(merged.values(), ({ binding, members }) => ({
    ...binding,
    members: [...members],
  }));
}

/** Whether a binding has this very condition, or none. */
export function hasCondition({ condition }: Binding, wanted: Condition | undefined): boolean {
  return (
    condition?.title === wanted?.title &&
    condition?.description === wanted?.description &&
    condition?.expression === wanted?.expression
  );
}

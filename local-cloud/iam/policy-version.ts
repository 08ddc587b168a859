import { createHash } from 'node:crypto';
import { type Condition, InvalidPolicyError, type Policy, type PolicyUpdate } from './policy.ts';

// Version 1 has no conditions, version 3 has; 0 is the same as 1, and there is no 2.
// https://cloud.google.com/iam/docs/allow-policies#versions

/** @throws {InvalidPolicyError} for a version that does not exist */
export function checkVersionNumber(version: number): void {
  if (![0, 1, 3].includes(version)) {
    throw new InvalidPolicyError(`Policy version ${version} does not exist; use 1 or 3.`);
  }
}

/**
 * Keeps clients that know nothing of conditions from losing them: they write what they have read.
 *
 * @throws {InvalidPolicyError}
 */
export function checkVersionOf(update: PolicyUpdate, current: Policy): void {
  const { version = 1, bindings, etag } = update;
  checkVersionNumber(version);
  if (version === 3) return;
  const conditional = bindings.find(({ condition }) => condition);
  if (conditional) {
    throw new InvalidPolicyError(
      `The binding of ${conditional.role} has a condition: write the policy with version 3, after reading it with requestedPolicyVersion 3.`,
    );
  }
  // Without an etag Google lets the whole policy be overwritten, conditions included (same page).
  if (current.version === 3 && etag) {
    // [O] Google's words.
    throw new InvalidPolicyError(
      `Specified policy version (${version}) cannot be less than the existing policy version (3). For more information, please refer to https://cloud.google.com/iam/docs/policies#versions.`,
    );
  }
}

/**
 * The policy as version 1, for clients that did not ask for 3: conditions are left out, and the names of
 * their roles changed so that nobody takes them for grants without one.
 * https://cloud.google.com/iam/docs/troubleshooting-withcond
 */
export function asVersion1({ bindings, etag }: Policy): Policy {
  return {
    version: 1,
    bindings: bindings.map(({ role, members, condition }) => ({
      role: condition ? `${role}_withcond_${hashOf(condition)}` : role,
      members,
    })),
    etag,
  };
}

/** Whether {@link asVersion1} made this name of a role. */
export function standsForCondition(role: string): boolean {
  return /_withcond_[0-9a-f]{20}$/.test(role);
}

function hashOf({ title, description = '', expression }: Condition): string {
  const text = JSON.stringify([title, description, expression]);
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}

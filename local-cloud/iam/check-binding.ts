import { basicRoles } from './basic-roles.ts';
import { formatMember, type Member, parseMember } from './members.ts';
import { type Binding, type BindingUpdate, InvalidPolicyError } from './policy.ts';
import { standsForCondition } from './policy-version.ts';
import { parseResourceName, projectOf } from './resource-names.ts';
import type { RoleCatalog } from './roles.ts';

/** What a binding is checked against. */
export interface BindingRules {
  /** Full resource name. */
  resource: string;
  roles: RoleCatalog;
  /** Why a well-formed member cannot be granted anything; `undefined` if it can. */
  refuse: (member: Member) => string | undefined;
}

/**
 * The binding with its members in IAM's spelling.
 *
 * @throws {InvalidPolicyError} for whatever Google refuses, as far as possible in its words
 */
export function checkBinding(update: BindingUpdate, rules: BindingRules): Binding {
  const { role, condition } = update;
  checkRole(role, rules);
  const members = update.members.map((text) => checkMember(text, rules));
  if (!condition) return { role, members };

  const { title, description, expression } = condition;
  if (title === '') throw new InvalidPolicyError(`The condition of ${role} needs a title.`);
  if (basicRoles.has(role)) {
    // [O]
    throw new InvalidPolicyError(
      "LintValidationUnits/BindingRoleAllowConditionCheck Error: Conditions can't be set on primitive roles.",
    );
  }
  const everybody = members.find((member) => publicMembers.has(member));
  if (everybody) {
    throw new InvalidPolicyError(
      `Conditions can't be set on bindings with ${everybody} (condition "${title}" of ${role}).`,
    );
  }
  return { role, members, condition: { title, ...(description && { description }), expression } };
}

function checkRole(role: string, { resource, roles }: BindingRules): void {
  if (standsForCondition(role)) {
    throw new InvalidPolicyError(
      `${role} stands for a binding with a condition: read the policy with requestedPolicyVersion 3, and write it with version 3.`,
    );
  }
  if (!rolePattern.test(role)) {
    // [O]
    throw new InvalidPolicyError(
      'The role name must be in the form "roles/{role}", "organizations/{organization_id}/roles/{role}", or "projects/{project_id}/roles/{role}".',
    );
  }
  const [isCustom, project] = /^projects\/([^/]+)\/roles\//.exec(role) ?? [];
  if (isCustom && (!roles.has(role) || project !== projectOf(resource))) {
    // [O]
    throw new InvalidPolicyError(`Role (${role}) does not exist in the resource's hierarchy.`);
  }
  if (!roles.has(role)) {
    throw new InvalidPolicyError(
      `Role ${role} is not supported for this resource: gcloud iam roles list shows those that the local cloud has.`,
    );
  }
}

const rolePattern = /^(?:(?:projects|organizations)\/[^/\s]+\/)?roles\/[\w.]+$/;

function checkMember(text: string, { resource, refuse }: BindingRules): string {
  const member = parseMember(text);
  if (!member) {
    throw new InvalidPolicyError(
      `Invalid member ${JSON.stringify(text)}: expected user:, serviceAccount: or group: with an e-mail address, domain: with a domain, allUsers or allAuthenticatedUsers.`,
    );
  }
  // https://cloud.google.com/resource-manager/reference/rest/v1/projects/setIamPolicy
  if (publicMembers.has(member.kind) && parseResourceName(resource)?.kind === 'project') {
    throw new InvalidPolicyError(`${member.kind} cannot be granted a role on a project.`);
  }
  const why = refuse(member);
  if (why !== undefined) throw new InvalidPolicyError(why);
  return formatMember(member);
}

const publicMembers: ReadonlySet<string> = new Set(['allUsers', 'allAuthenticatedUsers']);

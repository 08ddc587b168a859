import type { Principal } from './access.ts';

/** A member of a binding, https://cloud.google.com/iam/docs/principal-identifiers */
export type Member =
  | { kind: 'user' | 'serviceAccount' | 'group'; email: string }
  | { kind: 'domain'; domain: string }
  | { kind: 'allUsers' | 'allAuthenticatedUsers' }
  | { kind: 'deleted'; was: 'user' | 'serviceAccount' | 'group'; email: string; uid: string };

/** Which groups and domains there are, and who belongs to which group; all in lower case. */
export interface GroupDirectory {
  /** The direct members of a group (`user:`, `serviceAccount:`, `group:`); none if it is unknown. */
  membersOf(groupEmail: string): readonly string[];
  hasGroup(email: string): boolean;
  hasDomain(domain: string): boolean;
}

/** Where nothing is known: any group may exist, and is empty. */
export const noGroups: GroupDirectory = {
  membersOf: () => [],
  hasGroup: () => true,
  hasDomain: () => true,
};

/**
 * Reads a member as it is written in a policy; `undefined` if IAM would refuse it. E-mail addresses
 * and domains come out in lower case: IAM compares them without regard to case.
 */
export function parseMember(text: string): Member | undefined {
  if (text === 'allUsers' || text === 'allAuthenticatedUsers') return { kind: text };
  const [, deleted, kind, id = '', uid] =
    /^(deleted:)?(user|serviceAccount|group|domain):([^\s?]+)(?:\?uid=(\d+))?$/.exec(text) ?? [];
  if (kind === 'domain') {
    const isDomain = !deleted && uid === undefined && domainPattern.test(id);
    return isDomain ? { kind, domain: id.toLowerCase() } : undefined;
  }
  if (kind !== 'user' && kind !== 'serviceAccount' && kind !== 'group') return undefined;
  if (!emailPattern.test(id)) return undefined;
  const email = id.toLowerCase();
  if (!deleted) return uid === undefined ? { kind, email } : undefined;
  return uid === undefined ? undefined : { kind: 'deleted', was: kind, email, uid };
}

const domainPattern = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
/** The local part as in RFC 5321, sections 4.1.2 and 4.5.3.1.1, without the slash and the question mark. */
const emailPattern = /^[\w.!#$%&'*+=^`{|}~-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

/** Writes a member the way {@link parseMember} reads it. */
export function formatMember(member: Member): string {
  switch (member.kind) {
    case 'allUsers':
    case 'allAuthenticatedUsers':
      return member.kind;
    case 'domain':
      return `domain:${member.domain}`;
    case 'deleted':
      return `deleted:${member.was}:${member.email}?uid=${member.uid}`;
    default:
      return `${member.kind}:${member.email}`;
  }
}

/**
 * Whether `principal` is meant by `member`. A deleted account is nobody, even if an account of the
 * same name exists again: https://cloud.google.com/iam/docs/overview#deleted-principals
 */
export function memberIncludes(
  member: Member,
  principal: Principal,
  directory: GroupDirectory,
): boolean {
  if (member.kind === 'allUsers') return true;
  if (principal === 'anonymous') return false;
  const [kind, email] = splitPrincipal(principal);
  switch (member.kind) {
    case 'allAuthenticatedUsers':
      return true;
    case 'user':
    case 'serviceAccount':
      return member.kind === kind && member.email === email;
    case 'domain':
      // Service accounts belong to a project, not to a Workspace domain.
      return kind === 'user' && email.endsWith(`@${member.domain}`);
    case 'group':
      return isInGroup(`${kind}:${email}`, member.email, directory, new Set());
    case 'deleted':
      return false;
  }
}

function splitPrincipal(
  principal: Exclude<Principal, 'anonymous'>,
): ['user' | 'serviceAccount', string] {
  const kind = principal.startsWith('user:') ? 'user' : 'serviceAccount';
  return [kind, principal.slice(kind.length + 1).toLowerCase()];
}

/** `seen` stops at groups that contain each other. */
function isInGroup(
  principal: string,
  group: string,
  directory: GroupDirectory,
  seen: Set<string>,
): boolean {
  if (seen.has(group)) return false;
  seen.add(group);
  return directory.membersOf(group).some((text) => {
    const member = parseMember(text);
    if (member?.kind === 'group') return isInGroup(principal, member.email, directory, seen);
    return member !== undefined && formatMember(member) === principal;
  });
}

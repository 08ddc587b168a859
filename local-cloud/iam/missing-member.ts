import type { GroupDirectory, Member } from './members.ts';
import type { AccountStates } from './service-accounts.ts';

/**
 * Says, about in Google's words [O], that a member does not exist, or is of another kind. Of people, and of
 * accounts in projects that are not played here, nothing is known: they pass.
 */
export function missingMember(
  member: Member,
  directory: GroupDirectory,
  accounts: AccountStates,
): string | undefined {
  switch (member.kind) {
    case 'user': {
      const { email } = member;
      if (!email.endsWith('.gserviceaccount.com')) return undefined;
      return `Principal ${email} is of type "serviceAccount". The principal should appear as "serviceAccount:${email}".`;
    }
    case 'group':
      if (directory.hasGroup(member.email)) return undefined;
      return `Group ${member.email} does not exist. Declare it under "groups" in deploy/topology.json.`;
    case 'domain':
      if (directory.hasDomain(member.domain)) return undefined;
      return `Domain ${member.domain} does not exist. Declare it under "domains" in deploy/topology.json.`;
    case 'serviceAccount': {
      const state = accounts.stateOf(`serviceAccount:${member.email}`);
      if (state !== 'absent' && state !== 'deleted') return undefined;
      return `Service account ${member.email} does not exist.`;
    }
    default:
      return undefined;
  }
}

import type { ResolvedBinding, ResolvedTopology } from '../topology.ts';
import type { Finding } from './finding.ts';
import { type Grant, grantsOf, isSameMember, type Policy } from './policy.ts';
import { grantCommand, nameOf, type PolicyTarget, revokeCommands } from './policy-targets.ts';
import { roleMeanings } from './role-meanings.ts';

/** What is too much and what is missing in the policy of one thing of the topology. */
export function comparePolicy(
  target: PolicyTarget,
  policy: Policy,
  topology: ResolvedTopology,
): Finding[] {
  const wanted = topology.bindings.filter(({ resource }) => resource === target.resource);
  const grants = grantsOf(policy);
  const isWanted = (grant: Grant) => wanted.some((binding) => isSameGrant(binding, grant));
  return [
    ...grants
      .filter((grant) => !isWanted(grant) && !isForDeploying(target, grant, topology))
      .map((grant) => tooMuch(target, grant)),
    ...wanted.flatMap((binding) => {
      const found = grants.filter((grant) => isSameGrant(binding, grant));
      if (found.some(({ condition }) => condition === undefined)) return [];
      return [missing(target, binding, found[0]?.condition, topology)];
    }),
  ];
}

function isSameGrant(one: { role: string; member: string }, other: Grant): boolean {
  return one.role === other.role && isSameMember(one.member, other.member);
}

/** Whoever deploys must be able to run something as the account. */
function isForDeploying(
  target: PolicyTarget,
  { role, member }: Grant,
  { deployer }: ResolvedTopology,
): boolean {
  return (
    target.kind === 'service account' &&
    role === 'roles/iam.serviceAccountUser' &&
    isSameMember(member, deployer)
  );
}

function tooMuch(target: PolicyTarget, grant: Grant): Finding {
  const { role, member, condition } = grant;
  const where = nameOf(target);
  const mend = revokeCommands(target, grant);
  if (member === 'allUsers' || member === 'allAuthenticatedUsers') {
    const who = member === 'allUsers' ? 'anyone on the internet' : 'anyone with a Google account';
    return {
      severity: 'error',
      code: 'public',
      where,
      what: `${who} ${roleMeanings[role] ?? `holds ${role}`}: ${member} has ${role}`,
      why: 'IAM asks nobody who they are any more. If that is meant, deploy/topology.json must say so.',
      mend,
    };
  }
  return {
    severity: roleMeanings[role] ? 'error' : 'warning',
    code: 'extra-binding',
    where,
    what: `${member} has ${role}${under(condition)}, which the topology does not grant`,
    why: whyTooMuch(grant),
    mend,
  };
}

function whyTooMuch({ role, member }: Grant): string {
  if (member.startsWith('deleted:')) {
    return 'It is left over: an account made anew under this name does not get it back.';
  }
  const meaning = roleMeanings[role];
  if (!meaning) return 'Nobody here needs it.';
  const canBeMeant = role === 'roles/run.invoker' || role === 'roles/pubsub.publisher';
  const ifMeant = canBeMeant ? ' If that is meant, deploy/topology.json must say so.' : '';
  return `Whoever that is ${meaning}.${ifMeant}`;
}

function missing(
  target: PolicyTarget,
  binding: ResolvedBinding,
  condition: string | undefined,
  { deployer, services }: ResolvedTopology,
): Finding {
  const { role, member } = binding;
  const holder = services.find(({ serviceAccount }) =>
    isSameMember(member, `serviceAccount:${serviceAccount}`),
  );
  const who = holder ? `the ${holder.name}'s account` : member;
  const refused = role === 'roles/pubsub.publisher' ? 'cannot publish' : 'is refused with 403';
  const deployedBy = isSameMember(member, deployer)
    ? ' If somebody else deployed, name them: --deployer user:… or serviceAccount:…'
    : '';
  return {
    severity: 'error',
    code: 'missing-binding',
    where: nameOf(target),
    what: `${member} has ${condition === undefined ? `no ${role}` : `${role} only${under(condition)}`}`,
    why: `Without it ${who} ${refused}.${deployedBy}`,
    mend: [grantCommand(target, binding)],
  };
}

function under(condition: string | undefined): string {
  return condition === undefined ? '' : ` under the condition "${condition}"`;
}

import { gcloudCommand } from '../gcloud.ts';
import type { ResolvedTopology } from '../topology.ts';
import type { Grant } from './policy.ts';

/** Something that has a policy of its own, and how gcloud speaks of it. */
export interface PolicyTarget {
  kind: 'service' | 'topic' | 'subscription' | 'service account' | 'project';
  id: string;
  /** Full resource name. */
  resource: string;
  /** For example `run services`. */
  group: readonly string[];
  flags: readonly string[];
}

/** Everything of the topology that has a policy, apart from the project. */
export function policyTargets(topology: ResolvedTopology): PolicyTarget[] {
  const { project, region } = topology;
  const flags = [`--project=${project}`];
  const accounts = new Set(topology.services.map(({ serviceAccount }) => serviceAccount));
  return [
    ...topology.services.map(({ name, resource }) => ({
      kind: 'service' as const,
      id: name,
      resource,
      group: ['run', 'services'],
      flags: [`--region=${region}`, ...flags],
    })),
    ...topology.topics.map(({ id, resource }) => ({
      kind: 'topic' as const,
      id,
      resource,
      group: ['pubsub', 'topics'],
      flags,
    })),
    ...topology.subscriptions.map(({ id, resource }) => ({
      kind: 'subscription' as const,
      id,
      resource,
      group: ['pubsub', 'subscriptions'],
      flags,
    })),
    ...[...accounts].map((email) => ({
      kind: 'service account' as const,
      id: email,
      resource: accountResource(project, email),
      group: ['iam', 'service-accounts'],
      flags,
    })),
  ];
}

export function projectTarget(project: string): PolicyTarget {
  const resource = `//cloudresourcemanager.googleapis.com/projects/${project}`;
  return { kind: 'project', id: project, resource, group: ['projects'], flags: [] };
}

export function accountResource(project: string, email: string): string {
  return `//iam.googleapis.com/projects/${project}/serviceAccounts/${email}`;
}

/** For people: `service receiver`. */
export function nameOf({ kind, id }: PolicyTarget): string {
  return `${kind} ${id}`;
}

/** Arguments of gcloud that read the policy. */
export function readPolicy({ group, id, flags }: PolicyTarget): string[] {
  return [...group, 'get-iam-policy', id, ...flags];
}

/** The command that gives a role. */
export function grantCommand(target: PolicyTarget, grant: Omit<Grant, 'condition'>): string {
  return gcloudCommand([...changeGrant('add', target, grant), ...unconditional(target)]);
}

/** The commands that take a role away. */
export function revokeCommands(target: PolicyTarget, grant: Grant): string[] {
  const command = changeGrant('remove', target, grant);
  if (grant.condition === undefined) return [gcloudCommand([...command, ...unconditional(target)])];
  if (!isOfPubsub(target)) return [gcloudCommand([...command, '--all'])];
  // Pub/Sub's commands know nothing of conditions: the policy has to be written as a whole.
  const { group, id, flags } = target;
  return [
    `${gcloudCommand([...readPolicy(target), '--format=json'])} > policy.json`,
    '$EDITOR policy.json',
    gcloudCommand([...group, 'set-iam-policy', id, 'policy.json', ...flags]),
  ];
}

/** gcloud asks for it as soon as one binding of the policy has a condition. */
function unconditional(target: PolicyTarget): string[] {
  return isOfPubsub(target) ? [] : ['--condition=None'];
}

function isOfPubsub({ group }: PolicyTarget): boolean {
  return group[0] === 'pubsub';
}

function changeGrant(
  verb: 'add' | 'remove',
  { group, id, flags }: PolicyTarget,
  { role, member }: { role: string; member: string },
): string[] {
  const change = `${verb}-iam-policy-binding`;
  return [...group, change, id, ...flags, `--member=${member}`, `--role=${role}`];
}

import type { ResolvedTopology } from '../topology.ts';
import { compareAccounts } from './compare-accounts.ts';
import { comparePolicy } from './compare-policy.ts';
import { compareProject } from './compare-project.ts';
import { compareSubscriptions, compareTopics } from './compare-pubsub.ts';
import { compareServices } from './compare-services.ts';
import type { Finding, Severity } from './finding.ts';
import type { LiveState, Unreadable } from './live-state.ts';
import { policyTargets } from './policy-targets.ts';

const order: readonly Severity[] = ['error', 'warning', 'info'];

/** Every difference between what there is and what the topology says, the worst first. Pure. */
export function compare(live: LiveState, topology: ResolvedTopology): Finding[] {
  const policies = policyTargets(topology).flatMap((target) => {
    const policy = live.policies[target.resource];
    return policy ? comparePolicy(target, policy, topology) : [];
  });
  const findings = [
    ...live.unreadable.map(describeUnreadable),
    ...(live.projectPolicy ? compareProject(live.projectPolicy, topology) : []),
    ...(live.accounts ? compareAccounts(live.accounts, topology) : []),
    ...(live.services ? compareServices(live.services, topology) : []),
    ...(live.topics ? compareTopics(live.topics, topology) : []),
    ...(live.subscriptions ? compareSubscriptions(live.subscriptions, topology) : []),
    ...policies,
  ];
  return findings.sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
}

function describeUnreadable({ what, command, message }: Unreadable): Finding {
  return {
    severity: 'error',
    code: 'unreadable',
    where: what,
    // What follows the first line are details for machines.
    what: `cannot be read: ${message.split('\n', 1)[0]}`,
    why: 'What nobody has looked at may be anything.',
    mend: [command],
  };
}

import type { TestCloud } from '../support/cloud.ts';
import type { Scenario } from './scenario.ts';

const answers = [429, 500, 503].map(
  (status): Scenario => ({
    name: `front door answers ${status}`,
    inject: (cloud) => cloud.faults.set('front-door', { kind: 'unavailable', status }),
    recover: (cloud) => cloud.faults.clear(),
    effect: 'fails',
  }),
);

function removed(role: string, resourceEnd: string): Scenario {
  const bindingOf = ({ topology }: TestCloud) => {
    const binding = topology.bindings.find(
      (candidate) => candidate.role === role && candidate.resource.endsWith(resourceEnd),
    );
    if (!binding) throw new Error(`there is no binding of ${role} on ${resourceEnd}`);
    return [binding.resource, binding.role, binding.member] as const;
  };
  return {
    name: `${role} removed`,
    inject: (cloud) => cloud.iam.policies.removeBinding(...bindingOf(cloud)),
    recover: (cloud) => cloud.iam.policies.addBinding(...bindingOf(cloud)),
    effect: 'fails',
  };
}

export const frontDoorFaults: Scenario[] = [
  ...answers,
  {
    name: 'connections break as the caller writes',
    inject: (cloud) => cloud.faults.set('front-door', { kind: 'reset', share: 0.5 }),
    recover: (cloud) => cloud.faults.clear(),
    effect: 'some fail',
  },
  removed('roles/run.invoker', '/services/receiver'),
  removed('roles/pubsub.publisher', '/topics/events'),
];

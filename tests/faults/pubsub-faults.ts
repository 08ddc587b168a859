import type { FaultInput } from '../../local-cloud/faults/fault-schemas.ts';
import type { Scenario } from './scenario.ts';

function pubsub(
  name: string,
  fault: FaultInput<'pubsub'>,
  effect: Scenario['effect'],
  repeatedBy: Scenario['repeatedBy'] = [],
): Scenario {
  return {
    name: `Pub/Sub ${name}`,
    inject: (cloud) => cloud.faults.set('pubsub', fault),
    recover: (cloud) => cloud.faults.clear(),
    effect,
    repeatedBy,
  };
}

const byClient = ['Pub/Sub client'] as const;

export const pubsubFaults: Scenario[] = [
  pubsub('refuses', { kind: 'unavailable' }, 'fails'),
  pubsub('cuts connections', { kind: 'reset', share: 0.3 }, 'some fail', byClient),
  pubsub('is a black hole', { kind: 'hang' }, 'fails'),
  pubsub(
    'confirms, the answer is lost',
    { kind: 'lost-answer', share: 0.5 },
    'some fail',
    byClient,
  ),
  pubsub('takes 2 ± 1 s', { kind: 'slow', delayMs: 2_000, jitterMs: 1_000 }, 'some fail', byClient),
  pubsub('is UNAVAILABLE for 30 %', { kind: 'unavailable', share: 0.3 }, 'some fail'),
  pubsub('is exhausted', { kind: 'unavailable', status: 'RESOURCE_EXHAUSTED' }, 'fails'),
  pubsub('has no such topic', { kind: 'unavailable', status: 'NOT_FOUND' }, 'fails'),
  pubsub('forbids', { kind: 'unavailable', status: 'PERMISSION_DENIED' }, 'fails'),
  pubsub('answers nonsense', { kind: 'garbage' }, 'fails'),
];

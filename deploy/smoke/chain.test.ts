import { describe, expect, it } from 'vitest';
import { TargetError } from '../find-target.ts';
import { loadTopology, parseTopology, resolveTopology, type Topology } from '../topology.ts';
import { findChain } from './chain.ts';

function chainOf(change: (topology: Topology) => void) {
  const topology = loadTopology();
  change(topology);
  return findChain(
    resolveTopology(parseTopology(topology), {
      ...{ project: 'my-project', projectNumber: '123456789012', region: 'europe-west1' },
      deployer: 'user:ada@example.com',
    }),
  );
}

const invoker = 'serviceAccount:scheduler@my-project.iam.gserviceaccount.com';

describe('the way of a message', () => {
  it('begins with the caller whom the deployer may invoke, whatever stands first', () => {
    const { caller, receiver, topic, subscription } = chainOf((topology) => {
      const { caller: first } = topology.services;
      if (!first) throw new RangeError('no caller');
      const nightShift = { ...first, serviceAccount: 'night-shift', invokers: [invoker] };
      topology.services = { 'night-shift': nightShift, ...topology.services };
    });
    expect([caller.name, receiver.name, topic.id, subscription.id]).toEqual([
      ...['caller', 'receiver', 'events', 'events-reader'],
    ]);
  });

  it.each<[string, (topology: Topology) => void]>([
    [
      'no service has a RECEIVER_URL',
      ({ services }) => delete services.caller?.environment.RECEIVER_URL,
    ],
    [
      'the RECEIVER_URL of caller is none of its services',
      ({ services }) =>
        Object.assign(services.caller?.environment ?? {}, { RECEIVER_URL: 'https://example.com' }),
    ],
    [
      'the TOPIC of receiver is none of its topics',
      ({ services }) => delete services.receiver?.environment.TOPIC,
    ],
    [
      'the topic events has no subscription',
      (topology) => {
        topology.subscriptions = {};
      },
    ],
  ])('leads nowhere: %s', (reason, change) => {
    expect(() => chainOf(change)).toThrow(TargetError);
    expect(() => chainOf(change)).toThrow(`This topology cannot be tried: ${reason}.`);
  });
});

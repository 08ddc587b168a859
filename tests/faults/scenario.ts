import type { TestCloud } from '../support/cloud.ts';
import type { Repeater } from './ledger.ts';

/** One fault: how it is made, how it ends, and what the senders may notice of it. */
export interface Scenario {
  name: string;
  inject(cloud: TestCloud): unknown;
  recover(cloud: TestCloud): unknown;
  /** What must happen to requests while it is there. */
  effect: 'fails' | 'none' | 'some fail';
  /** The one refusal that senders may get, by its status and code, and how often; without it none. */
  mayBeRefused?: { kind: string; most: number };
  /** Who tries again, where a confirmation can get lost or a time can run out: a message may then be there twice. */
  repeatedBy?: readonly Repeater[];
}

export function withoutEffect(name: string, inject: Scenario['inject']): Scenario {
  return { name, inject, recover: (cloud) => cloud.faults.clear(), effect: 'none' };
}

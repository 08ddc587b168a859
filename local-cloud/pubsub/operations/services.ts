import type { Clock } from '../../clock.ts';
import type { AccessRequest, Authorizer, Decision, Principal } from '../../iam/access.ts';
import type { Policy, PolicyUpdate } from '../../iam/policy-store.ts';
import type { Broker } from '../broker/broker.ts';

/** IAM as Pub/Sub asks it: with a record of the decision, or without. */
export interface AccessControl extends Authorizer {
  check(request: AccessRequest): Decision;
}

/** Where the policies of topics and subscriptions lie, by full resource name. */
export interface ResourcePolicies {
  get(resource: string): Policy;
  /** Throws StaleEtagError and InvalidPolicyError. */
  set(resource: string, policy: PolicyUpdate): Policy;
  remove(resource: string): void;
}

/** All that operations use; each declares which of it. */
export interface PubsubServices {
  broker: Broker;
  access: AccessControl;
  policies: ResourcePolicies;
  clock: Clock;
  /** How long a Pull waits for the first message before it answers none, in milliseconds. */
  pullWaitMs: number;
}

/** Who calls. */
export interface Caller {
  principal: Principal;
  /** Calls back once when the client has gone before the answer. */
  onCancelled(callback: () => void): void;
}

/** One method of the API, whatever carries the call. Throws PubsubError. */
export type Operation<Request, Response> = (
  request: Request,
  caller: Caller,
) => Response | Promise<Response>;

/** The answer of methods that have nothing to say. */
export type Empty = Record<string, never>;

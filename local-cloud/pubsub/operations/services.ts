import type { Clock } from '../../clock.ts';
import type { Principal } from '../../iam/access.ts';
import type { PolicyServices } from '../../iam/policy-methods.ts';
import type { Broker } from '../broker/broker.ts';

/** IAM as Pub/Sub asks it: with a record of the decision, or without. */
export type AccessControl = PolicyServices['access'];

/** Where the policies of topics and subscriptions lie, by full resource name. */
export type ResourcePolicies = PolicyServices['policies'] & { remove(resource: string): void };

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

/** One method of the API, whatever carries the call. Throws ApiError. */
export type Operation<Request, Response> = (
  request: Request,
  caller: Caller,
) => Response | Promise<Response>;

/** The answer of methods that have nothing to say. */
export type Empty = Record<string, never>;

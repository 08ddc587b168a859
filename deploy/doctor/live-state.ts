import type { LiveService } from '../live-service.ts';
import type { Policy } from './policy.ts';

export interface LiveSubscription {
  /** `projects/P/subscriptions/S` */
  name: string;
  /** `projects/P/topics/T` */
  topic: string;
  /** Where messages are pushed to; empty for a subscription that is pulled. */
  pushEndpoint: string;
}

export interface LiveAccount {
  email: string;
  disabled: boolean;
  /** Ids of keys that somebody has made. Undefined: not known. */
  keys: readonly string[] | undefined;
}

/** What could not be looked at. */
export interface Unreadable {
  /** For example `the services`. */
  what: string;
  command: string;
  /** gcloud's. */
  message: string;
}

/** What there is in the project. A part that could not be read is undefined, and not compared. */
export interface LiveState {
  projectPolicy: Policy | undefined;
  /** All of the region. */
  services: readonly LiveService[] | undefined;
  /** Names, `projects/P/topics/T`. */
  topics: readonly string[] | undefined;
  subscriptions: readonly LiveSubscription[] | undefined;
  /** All of the project. */
  accounts: readonly LiveAccount[] | undefined;
  /** By full resource name: of what is in the topology and exists. */
  policies: Readonly<Record<string, Policy>>;
  unreadable: readonly Unreadable[];
}

/** `error`: somebody can do what they must not, or it does not work. `info` is no reason to fail. */
export type Severity = 'error' | 'warning' | 'info';

/** One difference between what is deployed and what the topology says. */
export interface Finding {
  severity: Severity;
  /** Stable, for scripts. */
  code: FindingCode;
  /** For example `service receiver`. */
  where: string;
  /** A sentence without its full stop. */
  what: string;
  /** Why it matters. */
  why: string;
  /** The commands that mend it. */
  mend: readonly string[];
}

export type FindingCode =
  | 'unreadable'
  | 'public'
  | 'extra-binding'
  | 'missing-binding'
  | 'basic-role'
  | 'project-wide-role'
  | 'invoker-check-off'
  | 'service-missing'
  | 'service-not-ready'
  | 'old-revision'
  | 'traffic-pinned'
  | 'default-account'
  | 'other-account'
  | 'environment'
  | 'custom-audiences'
  | 'ingress'
  | 'limits'
  | 'account-missing'
  | 'account-disabled'
  | 'account-key'
  | 'account-shared'
  | 'topic-missing'
  | 'subscription-missing'
  | 'subscription-elsewhere'
  | 'foreign-service'
  | 'foreign-subscription';

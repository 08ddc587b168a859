/** Limits a binding, https://cloud.google.com/iam/docs/conditions-overview */
export interface Condition {
  title: string;
  description?: string;
  /** In the Common Expression Language. */
  expression: string;
}

/** Grants a role to members, if the condition holds. */
export interface Binding {
  role: string;
  members: string[];
  condition?: Condition;
}

/** An allow policy, https://cloud.google.com/iam/docs/reference/rest/v1/Policy */
export interface Policy {
  /** 3 if a binding has a condition, 1 otherwise. */
  version: number;
  bindings: Binding[];
  /** Base64. Changes with every write. */
  etag: string;
}

/** What a client sends to set a policy. */
export interface PolicyUpdate {
  bindings: readonly BindingUpdate[];
  /** Of the policy that was read before. Without it the policy is overwritten, as Google does. */
  etag?: string | undefined;
  version?: number | undefined;
}

/** A binding as clients send it. */
export interface BindingUpdate {
  role: string;
  members: readonly string[];
  condition?:
    | { title: string; description?: string | undefined; expression: string }
    | null
    | undefined;
}

/** What Google answers for a resource that has no policy. */
export const emptyPolicy: Policy = { version: 1, bindings: [], etag: 'ACAB' };

/** The policy has changed since it was read: read, modify and write it again. */
export class StaleEtagError extends Error {
  override readonly name = 'StaleEtagError';

  constructor(resource: string) {
    super(`The policy of ${resource} has changed since it was read; read it again and retry.`);
  }
}

/** A policy that IAM refuses; the message says what is wrong with it. */
export class InvalidPolicyError extends Error {
  override readonly name = 'InvalidPolicyError';
}

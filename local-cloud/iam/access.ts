/**
 * Who asks. `user:` and `serviceAccount:` carry the lower-case e-mail address; `anonymous` is a
 * request without credentials.
 */
export type Principal = `user:${string}` | `serviceAccount:${string}` | 'anonymous';

/** One question to IAM. */
export interface AccessRequest {
  principal: Principal;
  /** For example `run.routes.invoke`. */
  permission: string;
  /**
   * Full resource name (https://cloud.google.com/iam/docs/full-resource-names), for example
   * `//pubsub.googleapis.com/projects/demo-project/topics/events`.
   */
  resource: string;
  /** What conditions can read of a request to a Cloud Run service. */
  http?: { host: string; path: string };
}

/** What came closest to allowing a request, nearest first. */
export type Closest =
  /** The account itself cannot act. */
  | { kind: 'account'; state: 'disabled' | 'deleted' | 'absent' }
  /** A change that allows it has been written and takes effect later. */
  | { kind: 'pending'; resource: string; role: string; member: string; inSeconds: number }
  /** The binding is there, and its condition is false or cannot be evaluated. */
  | {
      kind: 'condition';
      resource: string;
      role: string;
      member: string;
      title: string;
      expression: string;
      error?: string;
    }
  /** The binding was made for an account of that name which was deleted since. */
  | { kind: 'deleted-member'; resource: string; role: string; member: string }
  /** The principal has the role elsewhere. */
  | { kind: 'other-resource'; resource: string; role: string; member: string }
  /** The role is bound on this resource, to others. */
  | { kind: 'other-member'; resource: string; role: string; members: readonly string[] };

/** IAM's answer, with its reason. */
export type Decision = AccessRequest & {
  /** One sentence for a person: which binding allowed it, or what is missing. */
  reason: string;
} & (
    | { allowed: true; grantedBy: { resource: string; role: string; member: string } }
    | {
        allowed: false;
        closest?: Closest | undefined;
        /** The gcloud command that would grant it, where one would. */
        remedy: string | undefined;
      }
  );

/** Asks IAM on behalf of a part of the local cloud; the decision is recorded for the terminal. */
export interface Authorizer {
  /** `action` names what was tried, in the API's own words, for example `Publish` or `POST /messages`. */
  authorize(request: AccessRequest, action: string): Decision;
}

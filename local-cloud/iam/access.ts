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
}

/** IAM's answer, with its reason. */
export type Decision = AccessRequest & {
  /** One sentence for a person: which binding allowed it, or what is missing. */
  reason: string;
} & (
    | { allowed: true; grantedBy: { resource: string; role: string; member: string } }
    | {
        allowed: false;
        /** The gcloud command that would grant it, where one would. */
        remedy: string | undefined;
      }
  );

/** Asks IAM on behalf of a part of the local cloud; the decision is recorded for the terminal. */
export interface Authorizer {
  /** `action` names what was tried, in the API's own words, for example `Publish` or `POST /messages`. */
  authorize(request: AccessRequest, action: string): Decision;
}

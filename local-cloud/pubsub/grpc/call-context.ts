import { type StatusObject, status } from '@grpc/grpc-js';
import { ApiError } from '../../network/api-error.ts';
import type { Authenticate } from '../../tokens/bearer-authentication.ts';

/**
 * Runs around each call, so that faults can be injected. `proceed` authenticates and executes the
 * call (a StreamingPull: opens it) and answers its response. A hook that throws a ApiError instead
 * refuses the call; one that throws after `proceed` executes it and loses the answer; one that never
 * settles hangs.
 *
 * @param method for example `google.pubsub.v1.Publisher.Publish`
 */
export type CallHook = (method: string, proceed: () => Promise<unknown>) => Promise<unknown>;

/** What every call needs before its handler. */
export interface CallContext {
  authenticate: Authenticate;
  aroundCall: CallHook | undefined;
  /** Told what failed for a reason that is no answer of Pub/Sub's: a defect of the local cloud. */
  onDefect(method: string, error: unknown): void;
}

/** What the client gets to see of an error. */
export function statusOf(
  error: unknown,
  method: string,
  { onDefect }: Pick<CallContext, 'onDefect'>,
): Pick<StatusObject, 'code' | 'details'> {
  if (error instanceof ApiError) return { code: status[error.code], details: error.message };
  onDefect(method, error);
  return { code: status.INTERNAL, details: `Internal error of the local cloud in ${method}.` };
}

/** `/google.pubsub.v1.Publisher/Publish` → `google.pubsub.v1.Publisher.Publish` */
export function methodName(path: string): string {
  return path.slice(1).replace('/', '.');
}

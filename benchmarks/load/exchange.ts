import type { Dispatcher } from 'undici';
import type { Outcome } from './open-loop.ts';

/** Sends a request and drops the answer's body; `done` gets the status when the answer is complete. */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  done: (outcome: Outcome) => void,
): void {
  let status = 0;
  dispatcher.dispatch(request, {
    // Without it undici takes this for a handler of its older kind.
    onRequestStart: () => undefined,
    onResponseStart: (_controller, statusCode) => {
      status = statusCode;
    },
    onResponseEnd: () => done(status),
    onResponseError: (_controller, error) => done(codeOf(error)),
  });
}

function codeOf(error: Error & { code?: string }): string {
  return error.code ?? error.name;
}

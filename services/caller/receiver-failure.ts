import { isFinal, Problem } from '../../shared/http/problem.ts';

/** How one try ended without a usable answer. */
export type Failure =
  | {
      kind: 'answered';
      status: number;
      /** The stable code, if the receiver itself answered; Cloud Run's front door sends HTML. */
      code: string | undefined;
      detail: string | undefined;
      /** Seconds, from Retry-After. */
      retryAfter: number | undefined;
    }
  | { kind: 'unreachable'; cause: unknown }
  | { kind: 'timed out'; cause: unknown }
  | { kind: 'nonsense'; status: number };

const temporary = new Set([429, 502, 503, 504]);

/** Whether another try may end differently. A verdict of the receiver never does. */
export function isWorthRetrying(failure: Failure): boolean {
  if (failure.kind === 'unreachable' || failure.kind === 'timed out') return true;
  if (failure.kind === 'nonsense') return false;
  return temporary.has(failure.status) && !isFinal(failure.code);
}

/** The answer to our own client when no further try is made. */
export function receiverProblem(failure: Failure): Problem {
  switch (failure.kind) {
    case 'unreachable':
      return new Problem('receiver_unavailable', 'The receiver cannot be reached. Try again.', {
        headers: { 'Retry-After': '1' },
        cause: failure.cause,
      });
    case 'timed out':
      return new Problem('deadline_exceeded', 'The receiver did not answer in time.', {
        cause: failure.cause,
      });
    case 'nonsense':
      return new Problem(
        'receiver_failed',
        `The receiver answered ${failure.status} with a body that makes no sense.`,
        { members: { upstream: { status: failure.status, code: null, detail: null } } },
      );
    case 'answered':
      return answeredProblem(failure);
  }
}

function answeredProblem(failure: Extract<Failure, { kind: 'answered' }>): Problem {
  const { status, code, detail, retryAfter } = failure;
  const answeredBy = code === undefined ? 'front door' : 'receiver';
  const who = code === undefined ? "The receiver's front door (Cloud Run)" : 'The receiver';
  const members = {
    upstream: { status, code: code ?? null, detail: detail ?? null, answeredBy },
  };
  if (status === 504) {
    return new Problem('deadline_exceeded', `${who} answered 504.`, { members });
  }
  if (status === 429 || status === 503) {
    return new Problem('receiver_unavailable', `${who} answered ${status}. Try again.`, {
      headers: { 'Retry-After': String(Math.max(1, retryAfter ?? 1)) },
      members,
    });
  }
  const refused = status < 500 || isFinal(code);
  const hint = refusalHint(status, code);
  return new Problem(
    refused ? 'receiver_refused' : 'receiver_failed',
    `${who} ${refused ? 'refused the call' : 'failed'} (${status}${code ? ` ${code}` : ''}). ${hint}`.trimEnd(),
    { members },
  );
}

/** What to look at first; the front door itself gives no reason. */
function refusalHint(status: number, code: string | undefined): string {
  if (code !== undefined) return '';
  if (status === 401) return 'Is RECEIVER_AUDIENCE one of its audiences?';
  if (status === 403) return "Does this service's account have roles/run.invoker on the receiver?";
  if (status === 404) return 'Is RECEIVER_URL right?';
  return '';
}

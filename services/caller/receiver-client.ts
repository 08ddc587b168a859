import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import { idempotencyKeyHeader } from '../../shared/http/message-request.ts';
import { type Trace, traceparent } from '../../shared/http/request-context.ts';
import { Deadline, remainingTimeHeader } from '../../shared/http/request-deadline.ts';
import type { IdTokenSource } from '../../shared/identity/id-token-source.ts';
import {
  type Message,
  type Published,
  publishedSchema,
  type ReceiverIdentity,
  receiverIdentitySchema,
} from '../../shared/message.ts';
import { ExchangeTimeout, exchangesWith, type SendExchange } from './http-exchange.ts';
import { interpretAnswer } from './interpret-answer.ts';
import { type Failure, isWorthRetrying, receiverProblem } from './receiver-failure.ts';
import { RetryBudget } from './retry-budget.ts';

/** Milliseconds. */
const budget = { total: 15_000, perTry: 6_000, backoff: { least: 100, most: 1_000 } };
const mostTries = 3;

type Call = { method: 'GET' | 'POST'; path: string; body?: string; idempotencyKey?: string };

/**
 * Calls the receiver with this service's own ID token.
 *
 * Every method throws a `Problem` fit for our own client (502, 503 or 504), or the token source's
 * `IdentityError` (503).
 */
export class ReceiverClient {
  readonly #tokens: Pick<IdTokenSource, 'token' | 'discard'>;
  readonly #send: SendExchange;
  readonly #wait: (ms: number) => Promise<unknown>;
  readonly #retries = new RetryBudget();

  constructor(options: {
    /** Origin of the receiver. */
    url: string;
    tokens: Pick<IdTokenSource, 'token' | 'discard'>;
    /** Only tests give another. */
    send?: SendExchange;
    /** Waits between tries. */
    wait?: (ms: number) => Promise<unknown>;
  }) {
    this.#tokens = options.tokens;
    this.#send = options.send ?? exchangesWith(options.url);
    this.#wait = options.wait ?? sleep;
  }

  /** Hands a message over for publishing. The same key in every try makes repetitions recognisable. */
  publish(message: Message, idempotencyKey: string, trace: Trace): Promise<Published> {
    const body = JSON.stringify(message);
    return this.#call(
      { method: 'POST', path: '/messages', body, idempotencyKey },
      publishedSchema,
      trace,
    );
  }

  /** Asks the receiver who it is and whom it sees. */
  identity(trace: Trace): Promise<ReceiverIdentity> {
    return this.#call({ method: 'GET', path: '/identity' }, receiverIdentitySchema, trace);
  }

  async #call<Schema extends z.ZodType>(call: Call, schema: Schema, trace: Trace) {
    const deadline = Deadline.after(budget.total);
    let refreshed = false;
    this.#retries.request();
    for (let tries = 1; ; tries++) {
      const token = await this.#tokens.token();
      const answer = await this.#try(call, schema, { token, trace, deadline });
      if ('value' in answer) return answer.value;
      const { failure } = answer;
      if (failure.kind === 'answered' && failure.status === 401 && !refreshed) {
        // The token may be one that our cache has kept too long; a second 401 is a verdict.
        refreshed = true;
        this.#tokens.discard(token);
        if (tries < mostTries) continue;
      }
      const pause = pauseBefore(failure);
      const mayRetry =
        tries < mostTries && pause < deadline.remaining() && isWorthRetrying(failure);
      if (!mayRetry || !this.#retries.take()) throw receiverProblem(failure);
      await this.#wait(pause);
    }
  }

  async #try<Schema extends z.ZodType>(
    call: Call,
    schema: Schema,
    context: { token: string; trace: Trace; deadline: Deadline },
  ): Promise<{ value: z.output<Schema> } | { failure: Failure }> {
    const { token, trace, deadline } = context;
    const limit = Math.min(budget.perTry, deadline.remaining());
    try {
      const answer = await this.#send({
        method: call.method,
        path: call.path,
        body: call.body,
        deadlineMs: limit,
        headers: {
          // Cloud Run checks this one and takes its signature away ...
          'x-serverless-authorization': `Bearer ${token}`,
          // ... so that this one arrives whole, for the receiver to check itself.
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          traceparent: traceparent(trace),
          [remainingTimeHeader]: String(limit),
          ...(call.body !== undefined && { 'content-type': 'application/json' }),
          ...(call.idempotencyKey && { [idempotencyKeyHeader]: call.idempotencyKey }),
        },
      });
      return interpretAnswer(answer, schema);
    } catch (cause) {
      const kind = cause instanceof ExchangeTimeout ? 'timed out' : 'unreachable';
      return { failure: { kind, cause } };
    }
  }
}

/** Full jitter, so that those who failed together do not come back together; or what was asked for. */
function pauseBefore(failure: Failure): number {
  const { least, most } = budget.backoff;
  const jitter = least + Math.random() * (most - least);
  const asked = failure.kind === 'answered' ? (failure.retryAfter ?? 0) * 1_000 : 0;
  return Math.max(jitter, asked);
}

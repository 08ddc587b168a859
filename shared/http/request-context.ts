import { randomFillSync } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { withoutTokens } from '../logger.ts';

/** Where a request belongs, W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header */
export interface Trace {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits: the work of this service on this request. */
  spanId: string;
  sampled: boolean;
}

export interface RequestContext {
  trace: Trace;
  /** Why the request failed, for its line in the log. */
  failure?: { code: string; reason?: readonly string[] };
}

const contexts = new WeakMap<Response, RequestContext>();

/**
 * Gives every request its trace, and writes one line when the answer is finished or the client is
 * gone. Headers and bodies are never logged: that is where tokens are.
 *
 * @param options.projectId the project for trace names, as soon as it is known
 */
export function requestContext(options: {
  logger: Logger;
  projectId: () => string | undefined;
}): RequestHandler {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    const trace = continueTrace(request);
    const context: RequestContext = { trace };
    contexts.set(response, context);
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      options.logger[levelFor(response)](
        {
          ...traceFields(trace, options.projectId()),
          httpRequest: httpRequest(request, response, seconds),
          ...context.failure,
        },
        `${request.method} ${withoutTokens(request.path)} ${outcome(response)}`,
      );
    });
    next();
  };
}

/** @throws {Error} if `requestContext` is not in front: a mistake in the program. */
export function contextOf(response: Response): RequestContext {
  const context = contexts.get(response);
  if (!context) throw new Error('requestContext is not in front of this route');
  return context;
}

/** The header that makes the next service part of the same trace. */
export function traceparent({ traceId, spanId, sampled }: Trace): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/**
 * Continues the trace of `traceparent` or, failing that, of Google's older `X-Cloud-Trace-Context`
 * (https://cloud.google.com/trace/docs/trace-context), or begins a new one.
 */
export function continueTrace(request: Pick<Request, 'headers'>): Trace {
  const spanId = randomHex(8);
  // Only later versions than 00 may have more after the flags.
  const w3c = /^(?!00-.{53})[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-|$)/.exec(
    String(request.headers.traceparent),
  );
  if (w3c && !isZero(w3c[1]) && !isZero(w3c[2]) && !w3c[0].startsWith('ff')) {
    return { traceId: String(w3c[1]), spanId, sampled: (Number(`0x${w3c[3]}`) & 1) === 1 };
  }
  const google = /^([\da-f]{32})(?:\/\d{1,20})?(?:;o=([01]))?$/i.exec(
    String(request.headers['x-cloud-trace-context']),
  );
  if (google && !isZero(google[1])) {
    return { traceId: String(google[1]).toLowerCase(), spanId, sampled: google[2] === '1' };
  }
  return { traceId: randomHex(16), spanId, sampled: false };
}

/** Random bytes in store: asking the kernel for each trace takes longer than all the rest of it. */
const store = Buffer.alloc(4_096);
let used = store.length;

/** Twice as many hexadecimal digits as bytes. */
function randomHex(bytes: number): string {
  if (used + bytes > store.length) {
    randomFillSync(store);
    used = 0;
  }
  used += bytes;
  return store.toString('hex', used - bytes, used);
}

function isZero(digits: string | undefined): boolean {
  return /^0*$/.test(digits ?? '');
}

/** https://cloud.google.com/logging/docs/structured-logging#structured_logging_special_fields */
function traceFields({ traceId, spanId, sampled }: Trace, projectId: string | undefined) {
  return {
    'logging.googleapis.com/trace': projectId ? `projects/${projectId}/traces/${traceId}` : traceId,
    'logging.googleapis.com/spanId': spanId,
    'logging.googleapis.com/trace_sampled': sampled,
  };
}

function outcome(response: Response): string {
  return response.writableFinished ? String(response.statusCode) : 'aborted by the client';
}

function levelFor({ statusCode }: Response): 'error' | 'warn' | 'info' {
  if (statusCode >= 500) return 'error';
  return statusCode >= 400 ? 'warn' : 'info';
}

/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest */
function httpRequest(request: Request, response: Response, seconds: number) {
  return {
    requestMethod: request.method,
    requestUrl: withoutTokens(request.path),
    status: response.statusCode,
    userAgent: withoutTokens(request.headers['user-agent'] ?? ''),
    remoteIp: request.socket.remoteAddress,
    protocol: `HTTP/${request.httpVersion}`,
    latency: `${seconds.toFixed(6)}s`,
  };
}

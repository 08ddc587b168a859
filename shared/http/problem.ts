/**
 * Every problem that the services answer with, apart from those of identity: stable code, status
 * and title (RFC 9457). `retry: false` marks what the next service must not try again although the
 * status alone would suggest it: verdicts that no second try changes, and outages that this service has
 * already retried for as long as it makes sense.
 */
const problems = {
  malformed_request: { status: 400, title: 'Malformed request' },
  malformed_json: { status: 400, title: 'Malformed JSON' },
  invalid_idempotency_key: { status: 400, title: 'Invalid Idempotency-Key' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'Request timeout' },
  content_too_large: { status: 413, title: 'Content too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  expectation_failed: { status: 417, title: 'Expectation failed' },
  invalid_message: { status: 422, title: 'Invalid message' },
  headers_too_large: { status: 431, title: 'Request header fields too large' },
  internal: { status: 500, title: 'Internal error' },
  publish_forbidden: { status: 502, title: 'Publishing is not allowed', retry: false },
  topic_not_found: { status: 502, title: 'The topic does not exist', retry: false },
  publish_rejected: { status: 502, title: 'Pub/Sub rejected the message', retry: false },
  receiver_refused: { status: 502, title: 'The receiver refused the call', retry: false },
  receiver_failed: { status: 502, title: 'The receiver failed' },
  receiver_unavailable: { status: 503, title: 'The receiver is unavailable' },
  pubsub_unavailable: { status: 503, title: 'Pub/Sub is unavailable', retry: false },
  overloaded: { status: 503, title: 'Overloaded' },
  not_ready: { status: 503, title: 'Not ready' },
  deadline_exceeded: { status: 504, title: 'Deadline exceeded' },
} as const satisfies Record<string, { status: number; title: string; retry?: false }>;

export type ProblemCode = keyof typeof problems;

/** An answer of `application/problem+json`; `detail` is for the client, so it never holds a secret. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Further members of the document, RFC 9457 section 3.2. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      headers?: Record<string, string>;
      members?: Record<string, unknown>;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.status = problems[code].status;
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
  }
}

/** The body of a problem, as sent. */
export interface ProblemDocument {
  type: 'about:blank';
  title: string;
  status: number;
  code: string;
  detail: string;
  [member: string]: unknown;
}

/** Writes out what RFC 9457 section 3 asks for; a code unknown here has its own words for a title. */
export function problemDocument(error: {
  code: string;
  status: number;
  message: string;
  members?: Readonly<Record<string, unknown>>;
}): ProblemDocument {
  const { code, status, message, members } = error;
  const title = isProblemCode(code) ? problems[code].title : sentence(code);
  return { type: 'about:blank', title, status, code, detail: message, ...members };
}

/** Whether an answer with this code must not be tried again, whatever its status suggests. */
export function isFinal(code: string | undefined): boolean {
  return code !== undefined && isProblemCode(code) && 'retry' in problems[code];
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

function sentence(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

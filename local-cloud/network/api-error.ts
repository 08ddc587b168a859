/** The canonical codes other than OK, with their HTTP status: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
export const httpStatusOf = {
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  UNAUTHENTICATED: 401,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
} as const;

export type CanonicalCode = keyof typeof httpStatusOf;

/** A call to one of Google's APIs that is refused. The message is what the client gets to read. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: CanonicalCode;
  /** `google.rpc.ErrorInfo` and the like, https://google.aip.dev/193 */
  readonly details: readonly object[];

  constructor(code: CanonicalCode, message: string, details: readonly object[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export function invalidArgument(message: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message);
}

export function unimplemented(what: string): ApiError {
  return new ApiError('UNIMPLEMENTED', `The local cloud does not implement ${what}.`);
}

/** The detail by which programs tell errors apart: https://google.aip.dev/193#errorinfo */
export function errorInfo(
  reason: string,
  domain: string,
  metadata: Readonly<Record<string, string>> = {},
): object {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain, metadata };
}

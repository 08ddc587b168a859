/** A request to the token endpoint that is refused: RFC 6749, section 5.2. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly error: string;
  /** HTTP status. */
  readonly status: number;

  /** @param error a code of the RFC, for example `invalid_grant` */
  constructor(error: string, description: string, status = 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
}

/** @throws {OAuthError} invalid_request if the parameter is missing or empty */
export function requireParameter(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value) return value;
  throw new OAuthError('invalid_request', `Missing required parameter: ${name}`);
}

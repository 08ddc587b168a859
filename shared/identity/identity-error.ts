/**
 * What can go wrong with an identity, as stable codes that clients and alerts may rely on.
 *
 * `missing_token` to `token_lifetime` are answered with 401, `email_unverified` and
 * `caller_not_allowed` with 403, and the outages with 503: an outage is never reported as a bad
 * token, and a bad token never as an outage.
 */
export type IdentityFault =
  | 'missing_token'
  | 'several_authorization_headers'
  | 'token_malformed'
  | 'signature_removed'
  | 'token_header'
  | 'token_signature'
  | 'token_issuer'
  | 'token_audience'
  | 'token_subject'
  | 'token_times'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_lifetime'
  | 'email_unverified'
  | 'caller_not_allowed'
  | 'certificates_unavailable'
  | 'id_token_unavailable'
  | 'metadata_unavailable';

/**
 * An error that an HTTP layer can answer with as it stands. `status` and `headers` have the names
 * that Express's own error handling understands; the message is written for the client and never
 * holds any part of a token.
 */
export class IdentityError extends Error {
  override readonly name = 'IdentityError';
  readonly code: IdentityFault;
  readonly status: number;
  headers: Readonly<Record<string, string>>;

  constructor(
    code: IdentityFault,
    message: string,
    options: { status: number; headers?: Record<string, string>; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.headers = options.headers ?? {};
  }
}

/** A token that is not accepted. Says nothing about the HTTP challenge: `requireCaller` adds it. */
export function tokenRefused(code: IdentityFault, message: string): IdentityError {
  return new IdentityError(code, message, { status: 401 });
}

/** A dependency that identity needs cannot be reached; worth trying again after a second. */
export function dependencyDown(
  code: IdentityFault,
  message: string,
  cause?: unknown,
): IdentityError {
  return new IdentityError(code, message, { status: 503, headers: { 'Retry-After': '1' }, cause });
}

import type { Request, RequestHandler, Response } from 'express';
import type { IdTokenVerifier } from './id-token-verifier.ts';
import { IdentityError } from './identity-error.ts';

/** The account behind a request that `requireCaller` has let through. */
export interface Caller {
  email: string;
  subject: string;
  audience: string;
  issuer: string;
  expiresAt: Date;
}

/** Who was let through, kept beside the response so that no middleware can overwrite it by accident. */
const callers = new WeakMap<Response, Caller>();

/**
 * Lets a request through only with a Google-signed ID token of an allowed account in
 * `Authorization`. Authentication is the verifier's; what follows is authorization: the account's
 * verified e-mail address must stand, letter by letter, in the list.
 *
 * `X-Serverless-Authorization` and every other header that names somebody are ignored: the first
 * belongs to Cloud Run's front door, the others can be set by anyone.
 *
 * Refusals go to `next` as an `IdentityError` with the challenge of RFC 6750 section 3.
 *
 * @throws {RangeError} without an allowed caller.
 */
export function requireCaller(options: {
  verifier: IdTokenVerifier;
  /** E-mail addresses of service accounts, exactly as Google writes them. */
  allowedCallers: readonly string[];
  /** The protection space named in the challenge, RFC 9110 section 11.5. */
  realm: string;
}): RequestHandler {
  const { verifier, realm } = options;
  const allowed = new Set(options.allowedCallers);
  if (allowed.size === 0) throw new RangeError('requireCaller needs at least one allowed caller');

  return async (request, response, next) => {
    try {
      const token = await verifier.verify(bearerToken(request));
      const { email, emailVerified, subject, audience, issuer, expiresAt } = token;
      if (email === undefined || !emailVerified) {
        throw new IdentityError(
          'email_unverified',
          'The token proves no e-mail address. Fetch it with format=full, as a service account.',
          { status: 403 },
        );
      }
      if (!allowed.has(email)) {
        throw new IdentityError(
          'caller_not_allowed',
          'The token is genuine, but its account is not one of the allowed callers of this service.',
          { status: 403 },
        );
      }
      callers.set(response, { email, subject, audience, issuer, expiresAt });
    } catch (error) {
      if (error instanceof IdentityError) addChallenge(error, realm);
      next(error);
      return;
    }
    next();
  };
}

/**
 * The caller that `requireCaller` verified.
 *
 * @throws {Error} if the route is not behind `requireCaller`: a mistake in the program.
 */
export function callerOf(response: Response): Caller {
  const caller = callers.get(response);
  if (!caller) throw new Error('this route is not behind requireCaller');
  return caller;
}

/** RFC 6750 section 2.1; the scheme's name is case-insensitive (RFC 9110 section 11.1). */
function bearerToken(request: Request): string {
  // Node joins nothing here but silently keeps the first of several: two parties that read
  // different ones would see different callers.
  const values = request.headersDistinct.authorization ?? [];
  if (values.length > 1) {
    throw new IdentityError(
      'several_authorization_headers',
      'Send one Authorization header, not several.',
      { status: 400 },
    );
  }
  const [scheme, token] = /^([^ ]+) *(.*)$/.exec(values[0] ?? '')?.slice(1) ?? [];
  if (scheme?.toLowerCase() !== 'bearer') {
    throw new IdentityError(
      'missing_token',
      'Send a Google-signed ID token: Authorization: Bearer <token>.',
      { status: 401 },
    );
  }
  return token ?? '';
}

/** Adds `WWW-Authenticate`: bare without credentials, with RFC 6750's error code otherwise. */
function addChallenge(error: IdentityError, realm: string): void {
  const { code, message, status } = error;
  const kinds: Record<number, string> = {
    400: 'invalid_request',
    401: 'invalid_token',
    403: 'insufficient_scope',
  };
  const kind = kinds[status];
  if (!kind) return;
  const details =
    code === 'missing_token' ? '' : `, error="${kind}", error_description="${quotable(message)}"`;
  error.headers = { 'WWW-Authenticate': `Bearer realm="${realm}"${details}` };
}

/** The characters that RFC 6750 section 3 allows in error_description. */
function quotable(text: string): string {
  return text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, ' ');
}

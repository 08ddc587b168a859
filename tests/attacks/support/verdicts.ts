/** What the receiver has to answer to an attack. */
export interface Verdict {
  status: number;
  /** The `code` of the problem document. */
  code: string;
  /** `WWW-Authenticate`, letter by letter; `undefined` where there must be none. */
  challenge: string | undefined;
}

/** RFC 6750 section 3, written out here once more: the receiver's own table must not judge itself. */
function challenge(error: string, description: string): string {
  return `Bearer realm="receiver", error="${error}", error_description="${description}"`;
}

function unauthorized(code: string, description: string): Verdict {
  return { status: 401, code, challenge: challenge('invalid_token', description) };
}

function forbidden(code: string, description: string): Verdict {
  return { status: 403, code, challenge: challenge('insufficient_scope', description) };
}

function problem(status: number, code: string): Verdict {
  return { status, code, challenge: undefined };
}

const audience = 'https://receiver-123456789012.europe-west1.run.app';

/** The refusals of the receiver's identity check. */
export const refused = {
  missing: { status: 401, code: 'missing_token', challenge: 'Bearer realm="receiver"' },
  several: {
    status: 400,
    code: 'several_authorization_headers',
    challenge: challenge('invalid_request', 'Send one Authorization header, not several.'),
  },
  malformed: unauthorized('token_malformed', 'The credentials are not a JSON Web Token.'),
  stripped: unauthorized(
    'signature_removed',
    "The token's signature was removed by Cloud Run. Send the ID token in X-Serverless-Authorization as well: Cloud Run then checks that copy and leaves Authorization alone.",
  ),
  header: unauthorized(
    'token_header',
    'The token must be signed with RS256 by Google, with header parameters as Google sets them.',
  ),
  signature: unauthorized('token_signature', "The token's signature is not one of Google's."),
  issuer: unauthorized('token_issuer', 'The token was not issued by https://accounts.google.com.'),
  audience: unauthorized(
    'token_audience',
    `The token is meant for another audience. Fetch it for ${audience}.`,
  ),
  subject: unauthorized('token_subject', 'The token names no subject.'),
  times: unauthorized(
    'token_times',
    'The times iat, exp and nbf of the token must be whole seconds since the epoch.',
  ),
  expired: unauthorized('token_expired', 'The token has expired. Fetch a new one.'),
  early: unauthorized('token_not_yet_valid', 'The token is not valid yet. Check the clocks.'),
  lifetime: unauthorized(
    'token_lifetime',
    'The token lives longer than the hour that Google gives.',
  ),
  unverified: forbidden(
    'email_unverified',
    'The token proves no e-mail address. Fetch it with format=full, as a service account.',
  ),
  stranger: forbidden(
    'caller_not_allowed',
    'The token is genuine, but its account is not one of the allowed callers of this service.',
  ),
} as const satisfies Record<string, Verdict>;

/** The refusals of either service's HTTP layer. */
export const problems = {
  badRequest: problem(400, 'malformed_request'),
  badJson: problem(400, 'malformed_json'),
  badKey: problem(400, 'invalid_idempotency_key'),
  notFound: problem(404, 'not_found'),
  method: problem(405, 'method_not_allowed'),
  timeout: problem(408, 'request_timeout'),
  tooLarge: problem(413, 'content_too_large'),
  mediaType: problem(415, 'unsupported_media_type'),
  expectation: problem(417, 'expectation_failed'),
  badMessage: problem(422, 'invalid_message'),
  headersTooLarge: problem(431, 'headers_too_large'),
} as const satisfies Record<string, Verdict>;

/** What somebody in front of the service answers in its place: a page, and with 401 a challenge. */
export interface PageVerdict {
  page: 400 | 401 | 403 | 404 | 405 | 413 | 417 | 421 | 431;
}

/** The challenge of Cloud Run's front door. */
export const frontDoorChallenge =
  'Bearer error="invalid_token" error_description="The access token could not be verified"';

/** The service's own answer, wherever it came through, or that of somebody in front of it. */
export type Outcome = (Verdict | PageVerdict) & {
  /** Or nothing: the connection is cut. */
  orCutOff?: boolean;
};

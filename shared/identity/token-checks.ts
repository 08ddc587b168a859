import type { IdentityFault } from './identity-error.ts';
import type { UnverifiedJwt } from './unverified-jwt.ts';

/** What a token is checked against. Every field is required: no check is left out by forgetting it. */
export interface TokenRules {
  /** The audiences that this service answers to. */
  audiences: ReadonlySet<string>;
  /** Seconds since the epoch. */
  now: number;
}

interface Check {
  code: IdentityFault;
  /** For the client: what is wrong and what to do. Never quotes the token. */
  message: string | ((rules: TokenRules) => string);
  passes(token: UnverifiedJwt, rules: TokenRules): boolean;
}

/** How far the clocks of issuer and verifier may differ, in seconds. */
const clockSkew = 30;
/** Google-signed ID tokens live one hour, in seconds. */
const longestLifetime = 3_600;

/** https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken */
const issuers: readonly unknown[] = ['https://accounts.google.com', 'accounts.google.com'];

/**
 * Header parameters that bring a key, name a place to fetch one from, or change how the token is
 * read (RFC 7515 section 4.1, RFC 7516, RFC 7797). Google uses none of them.
 */
const foreignParameters = [
  ...['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256'],
  ...['crit', 'b64', 'zip', 'enc', 'cty'],
];

/** A key id is only ever looked up; whatever could not be one is refused before it costs a fetch. */
const keyIdShape = /^[A-Za-z0-9._~+/=-]{1,128}$/;

/** Cloud Run puts this in place of a signature that it has checked itself. */
const removedSignature = 'SIGNATURE_REMOVED_BY_GOOGLE';

/**
 * Every check of a token apart from the signature itself, in the order in which they run. They are
 * cheap and need no network, so they run first: a token that fails here never causes a fetch.
 * RFC 8725 (JSON Web Token Best Current Practices) gives the reasons for most of them.
 */
export const tokenChecks: readonly Check[] = [
  {
    code: 'signature_removed',
    message:
      "The token's signature was removed by Cloud Run. Send the ID token in X-Serverless-Authorization as well: Cloud Run then checks that copy and leaves Authorization alone.",
    passes: ({ signature }) => signature !== removedSignature,
  },
  {
    code: 'token_header',
    message:
      'The token must be signed with RS256 by Google, with header parameters as Google sets them.',
    passes: ({ header }) =>
      header.alg === 'RS256' &&
      header.typ === 'JWT' &&
      typeof header.kid === 'string' &&
      keyIdShape.test(header.kid) &&
      !foreignParameters.some((name) => Object.hasOwn(header, name)),
  },
  {
    code: 'token_issuer',
    message: 'The token was not issued by https://accounts.google.com.',
    passes: ({ claims }) => issuers.includes(claims.iss),
  },
  {
    code: 'token_audience',
    message: ({ audiences }) =>
      `The token is meant for another audience. Fetch it for ${[...audiences].join(' or ')}.`,
    passes: ({ claims }, { audiences }) =>
      typeof claims.aud === 'string' && audiences.has(claims.aud),
  },
  {
    code: 'token_subject',
    message: 'The token names no subject.',
    passes: ({ claims }) => typeof claims.sub === 'string' && claims.sub !== '',
  },
  {
    code: 'token_times',
    message: 'The times iat, exp and nbf of the token must be whole seconds since the epoch.',
    passes: ({ claims: { iat, exp, nbf } }) =>
      isTime(iat) && isTime(exp) && (nbf === undefined || isTime(nbf)),
  },
  {
    code: 'token_expired',
    message: 'The token has expired. Fetch a new one.',
    passes: ({ claims }, { now }) => Number(claims.exp) > now - clockSkew,
  },
  {
    code: 'token_not_yet_valid',
    message: 'The token is not valid yet. Check the clocks.',
    passes: ({ claims }, { now }) =>
      Number(claims.iat) <= now + clockSkew && Number(claims.nbf ?? 0) <= now + clockSkew,
  },
  {
    code: 'token_lifetime',
    message: 'The token lives longer than the hour that Google gives.',
    passes: ({ claims }) => {
      const lifetime = Number(claims.exp) - Number(claims.iat);
      return lifetime > 0 && lifetime <= longestLifetime + clockSkew;
    },
  },
];

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** A JWT taken apart. Nothing in it may be believed before its signature is verified. */
export interface UnverifiedJwt {
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
  /** The third part, still encoded. */
  signature: string;
}

/**
 * Longest token looked at, in characters. Google's ID tokens have about 1,000; the limit bounds the
 * work that a stranger can cause.
 */
const longestToken = 8192;

/** JWS compact serialisation, RFC 7515 section 7.1: three base64url parts without padding. */
const compactSerialisation = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Takes a JWT apart without verifying it, and only if every part is encoded in the one canonical
 * way: parsers that differ about padding, trailing bits or UTF-8 are how forged tokens slip through.
 *
 * @returns `undefined` for anything that is not a JWT with JSON objects for header and claims.
 */
export function decodeUnverifiedJwt(token: unknown): UnverifiedJwt | undefined {
  if (typeof token !== 'string' || token.length > longestToken) return undefined;
  if (!compactSerialisation.test(token)) return undefined;
  const [header, claims, signature] = token.split('.') as [string, string, string];
  const decodedHeader = decodeJsonObject(header);
  const decodedClaims = decodeJsonObject(claims);
  if (!decodedHeader || !decodedClaims || !decodeCanonical(signature)) return undefined;
  return { header: decodedHeader, claims: decodedClaims, signature };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeJsonObject(part: string): Record<string, unknown> | undefined {
  const bytes = decodeCanonical(part);
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 4648 section 3.5: bits beyond the last byte must be zero, so that one value has one spelling. */
function decodeCanonical(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

import type { MutantGroup } from './mutant.ts';

export const jwtMutants: MutantGroup = {
  file: 'shared/identity/unverified-jwt.ts',
  tests: ['shared/identity/unverified-jwt.test.ts', 'shared/identity/id-token-verifier.test.ts'],
  mutants: [
    ['tokens without limit', ' || token.length > longestToken', ''],
    [
      'a limit that is one longer',
      'token.length > longestToken',
      'token.length > longestToken + 1',
    ],
    ['a limit that is one shorter', 'token.length > longestToken', 'token.length >= longestToken'],
    ['things that are no string', "typeof token !== 'string' || ", ''],
    ['any number of parts', 'if (!compactSerialisation.test(token)) return undefined;', ''],
    ['parts behind the third', '[A-Za-z0-9_-]+$/', '[A-Za-z0-9_-]+/'],
    ['a missing signature', '\\.[A-Za-z0-9_-]+$/', '\\.[A-Za-z0-9_-]*$/'],
    ['loose base64 in the signature', ' || !decodeCanonical(signature)', ''],
    [
      'loose base64 in header and claims',
      'const bytes = decodeCanonical(part);',
      "const bytes = Buffer.from(part, 'base64url');",
    ],
    ['bytes that are not UTF-8', 'fatal: true', 'fatal: false'],
    ['a byte order mark', 'ignoreBOM: true', 'ignoreBOM: false'],
    ['arrays for objects', ' && !Array.isArray(value)', ''],
    ['numbers for objects', "typeof value === 'object' && value !== null", 'Boolean(value)'],
  ],
};

export const verifierMutants: MutantGroup = {
  file: 'shared/identity/id-token-verifier.ts',
  tests: ['shared/identity/id-token-verifier.test.ts'],
  mutants: [
    ['a verifier without audience', 'audiences.size === 0 || ', ''],
    ['an empty audience', " || audiences.has('')", ''],
    ['every check but the signature', 'if (passes(jwt, rules)) continue;', 'continue;'],
    ['the first check', 'of tokenChecks) {', 'of tokenChecks.slice(1)) {'],
    ['the last check', 'of tokenChecks) {', 'of tokenChecks.slice(0, -1)) {'],
    ['any signature', '!isSigned(token, key)', 'isSigned(token, key) === undefined'],
    [
      'a key that Google does not publish',
      'key === undefined || !isSigned(token, key)',
      'key !== undefined && !isSigned(token, key)',
    ],
    [
      'names that every object has for key ids',
      'Object.hasOwn(trusted, keyId) ? trusted[keyId] : undefined',
      'trusted[keyId]',
    ],
    [
      'a key of another name',
      'trusted[keyId] : undefined',
      'Object.values(trusted)[0] : undefined',
    ],
    ['a weaker hash', "'RSA-SHA256'", "'RSA-SHA1'"],
    ['a signature of something else', 'token.slice(0, end)', 'token.slice(1, end)'],
    [
      'a look at the certificates before the checks',
      'const rules =',
      "await certificates.forKey('any');\n      const rules =",
    ],
    [
      'an outage looks like a bad token',
      'certificates.forKey(keyId)',
      'certificates.forKey(keyId).catch((): Record<string, never> => ({}))',
    ],
    ['the token in a message', "'The credentials are not a JSON Web Token.'", 'token'],
    [
      'the signature in a message',
      'signature is not one of Google\'s."',
      'signature is not one of Google\'s: " + token',
    ],
    ['milliseconds for seconds', 'Math.floor(now() / 1_000)', 'now()'],
    [
      'a clock that stands at the start',
      'now: Math.floor(now() / 1_000)',
      'now: Number(jwt.claims.iat)',
    ],
    ['truthy for verified', 'email_verified === true', 'Boolean(email_verified)'],
    ['verified unless it says no', 'email_verified === true', 'email_verified !== false'],
    [
      'an address that is no string',
      "typeof email === 'string' ? email : undefined",
      'String(email)',
    ],
    [
      'the authorized party for the subject',
      'subject: String(sub)',
      'subject: String(jwt.claims.azp)',
    ],
  ],
};

export const requireCallerMutants: MutantGroup = {
  file: 'shared/identity/require-caller.ts',
  tests: ['shared/identity/require-caller.test.ts'],
  mutants: [
    [
      'no allow-list',
      'if (allowed.size === 0) throw new RangeError(',
      'if (allowed.size < 0) throw new RangeError(',
    ],
    ['two Authorization headers', 'values.length > 1', 'values.length > 2'],
    [
      'the first of several headers',
      'request.headersDistinct.authorization ?? []',
      '[request.headers.authorization ?? []].flat()',
    ],
    [
      "the front door's header",
      'request.headersDistinct.authorization ?? []',
      "request.headersDistinct.authorization ?? request.headersDistinct['x-serverless-authorization'] ?? []",
    ],
    ['any scheme', "scheme?.toLowerCase() !== 'bearer'", 'scheme === undefined'],
    ['the scheme in one spelling only', 'scheme?.toLowerCase()', 'scheme'],
    ['a second token behind a comma', '/^([^ ]+) *(.*)$/', '/^([^ ]+) *([^,]*)/'],
    ['an unverified address', ' || !emailVerified', ''],
    ['a missing address has no code', 'email === undefined || ', ''],
    ['everybody with a genuine token', '!allowed.has(email)', '!email'],
    [
      'an address that contains an allowed one',
      '!allowed.has(email)',
      '![...allowed].some((name) => email.includes(name))',
    ],
    [
      'an address that is part of an allowed one',
      '!allowed.has(email)',
      '![...allowed].some((name) => name.includes(email))',
    ],
    ['addresses in any case', '!allowed.has(email)', '!allowed.has(email.toLowerCase())'],
    [
      'addresses without their dots',
      '!allowed.has(email)',
      "![...allowed].some((name) => name.replaceAll('.', '') === email.replaceAll('.', ''))",
    ],
    [
      'addresses that Unicode makes alike',
      '!allowed.has(email)',
      "!allowed.has(email.normalize('NFKC'))",
    ],
    [
      'all accounts of the project',
      '!allowed.has(email)',
      "![...allowed].some((name) => name.split('@')[1] === email.split('@')[1])",
    ],
    ['the route runs after a refusal', '      return;\n    }\n    next();', '    }\n    next();'],
    [
      'what is not foreseen opens the door',
      'addChallenge(error, realm);\n      next(error);',
      'addChallenge(error, realm);\n      next();',
    ],
    ['a challenge that says too much', "code === 'missing_token' ? ''", "code === undefined ? ''"],
    ['a challenge for an outage', '    403: ', "    503: 'invalid_token',\n    403: "],
    [
      'a challenge that can be broken out of',
      "return text.replace(/[^\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]/g, ' ');",
      'return text;',
    ],
    ['the caller of another response', 'callers.get(response)', '[callers.get(response)].at(1)'],
  ],
};

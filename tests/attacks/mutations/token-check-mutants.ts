import type { Mutant, MutantGroup } from './mutant.ts';

const foreignParameters = ['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'crit', 'b64', 'zip', 'enc'];

export const tokenCheckMutants: MutantGroup = {
  file: 'shared/identity/token-checks.ts',
  tests: ['shared/identity/id-token-verifier.test.ts'],
  mutants: [
    ['a skew of five minutes', 'const clockSkew = 30;', 'const clockSkew = 300;'],
    ['a second more of skew', 'const clockSkew = 30;', 'const clockSkew = 31;'],
    ['no skew', 'const clockSkew = 30;', 'const clockSkew = 0;'],
    ['tokens that live a day', 'longestLifetime = 3_600;', 'longestLifetime = 86_400;'],
    ['a stripped signature has no code', 'signature !== removedSignature,', 'true,'],

    ['any algorithm', "header.alg === 'RS256' &&", ''],
    ['any RSA algorithm', "header.alg === 'RS256'", '/^[RP]S/.test(String(header.alg))'],
    ['RS256 in any case', "header.alg === 'RS256'", '/^RS256$/i.test(String(header.alg))'],
    ['any type of JWT', "header.typ === 'JWT' &&", ''],
    ['a missing type', "header.typ === 'JWT'", "(header.typ ?? 'JWT') === 'JWT'"],
    ['the type in any case', "header.typ === 'JWT'", '/^jwt$/i.test(String(header.typ))'],
    ['a kid that is no string', "typeof header.kid === 'string' &&", ''],
    ['a kid of any form', 'keyIdShape.test(header.kid) &&', ''],
    [
      'a kid that only contains one',
      '/^[A-Za-z0-9._~+/=-]{1,128}$/',
      '/[A-Za-z0-9._~+/=-]{1,128}/',
    ],
    ['a kid without limit', '{1,128}', '{1,}'],
    ['all foreign header parameters', '!foreignParameters.some(', '!([] as string[]).some('],
    ['falsy foreign parameters', 'Object.hasOwn(header, name)', 'Boolean(header[name])'],
    ['null foreign parameters', 'Object.hasOwn(header, name)', 'header[name] != null'],
    ...foreignParameters.map((name): Mutant => [`the header parameter ${name}`, `'${name}', `, '']),
    ['the header parameter x5t#S256', ", 'x5t#S256']", ']'],
    ['the header parameter cty', ", 'cty']", ']'],

    ['any issuer', 'issuers.includes(claims.iss)', 'true'],
    [
      'an issuer that begins like Google',
      'issuers.includes(claims.iss)',
      'issuers.some((name) => String(claims.iss).startsWith(String(name)))',
    ],
    [
      'an issuer that ends like Google',
      'issuers.includes(claims.iss)',
      'issuers.some((name) => String(claims.iss).endsWith(String(name)))',
    ],
    ['an issuer over http', "['https://acc", "['http://accounts.google.com', 'https://acc"],
    ['an issuer in a list', 'issuers.includes(claims.iss)', 'issuers.includes(String(claims.iss))'],

    ['any audience', "typeof claims.aud === 'string' && audiences.has(claims.aud)", 'true'],
    [
      'a list of audiences',
      "typeof claims.aud === 'string' && audiences.has(claims.aud)",
      '[claims.aud].flat().some((name) => audiences.has(String(name)))',
    ],
    [
      'an audience that begins like ours',
      'audiences.has(claims.aud)',
      '[...audiences].some((name) => String(claims.aud).startsWith(name))',
    ],
    [
      'an audience that is the beginning of ours',
      'audiences.has(claims.aud)',
      '[...audiences].some((name) => name.startsWith(String(claims.aud)))',
    ],
    [
      'an audience in any case',
      'audiences.has(claims.aud)',
      'audiences.has(claims.aud.toLowerCase())',
    ],
    [
      'a slash behind the audience',
      'audiences.has(claims.aud)',
      "audiences.has(claims.aud.replace(/\\/$/, ''))",
    ],

    ['no subject', "typeof claims.sub === 'string' && claims.sub !== ''", 'true'],
    ['an empty subject', "&& claims.sub !== ''", ''],
    [
      'a subject that is no string',
      "typeof claims.sub === 'string' &&",
      'claims.sub !== undefined &&',
    ],

    ['a time of issue of any type', 'isTime(iat) && ', ''],
    ['an expiry of any type', 'isTime(exp) && ', ''],
    ['an nbf of any type', '(nbf === undefined || isTime(nbf))', 'true'],
    ['nbf null', 'nbf === undefined ||', 'nbf == null ||'],
    ['fractions of seconds', 'Number.isSafeInteger(value)', 'Number.isFinite(value)'],
    ['times in strings', 'Number.isSafeInteger(value)', 'Number.isSafeInteger(Number(value))'],
    ['times before 1970', ' && Number(value) >= 0', ''],

    ['tokens that have expired', 'Number(claims.exp) > now - clockSkew', 'true'],
    ['the last second', '> now - clockSkew', '>= now - clockSkew'],
    ['tokens from the future', 'Number(claims.iat) <= now + clockSkew && ', ''],
    ['tokens that are not valid yet', '&& Number(claims.nbf ?? 0) <= now + clockSkew', ''],
    ['tokens that live for ever', 'lifetime <= longestLifetime + clockSkew', 'true'],
    [
      'twice the skew on the lifetime',
      'longestLifetime + clockSkew',
      'longestLifetime + 2 * clockSkew',
    ],
    ['tokens that end before they begin', 'lifetime > 0 && ', ''],
    ['tokens that end as they begin', 'lifetime > 0', 'lifetime >= 0'],
  ],
};

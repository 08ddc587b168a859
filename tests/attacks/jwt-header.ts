import type { Forge, Members } from './support/forge.ts';
import { rsa } from './support/signers.ts';
import type { TokenAttack } from './support/token-attack.ts';
import { refused } from './support/verdicts.ts';

const jwkOf = (key: { export(options: { format: 'jwk' }): object }) =>
  key.export({ format: 'jwk' });
const derOf = (pem: string) => pem.replaceAll(/-----[^-]+-----|\s/g, '');

/** RFC 7515 section 4.1.2–4.1.8: parameters that bring a key or say where one is. Never to be followed. */
const foreignKeys: TokenAttack[] = (
  [
    ['jwk of a stranger', (f) => ({ jwk: jwkOf(f.stranger.rsa.publicKey) })],
    ['jwk on a curve', (f) => ({ jwk: jwkOf(f.stranger.ec.publicKey) })],
    ['jwk without a kid', (f) => ({ jwk: jwkOf(f.stranger.rsa.publicKey), kid: undefined })],
    ['jku', (f) => ({ jku: `${f.canaryUrl}/jwks.json` })],
    ['jku with Google in its user part', (f) => ({ jku: userPart(f, 'www.googleapis.com') })],
    ['jku with Google in its path', (f) => ({ jku: `${f.canaryUrl}/www.googleapis.com/certs` })],
    ['jku at another host', () => ({ jku: 'https://keys.attacker.example/jwks.json' })],
    ['jku of a file', () => ({ jku: 'file:///etc/passwd' })],
    ['jku as an array', (f) => ({ jku: [`${f.canaryUrl}/jwks.json`] })],
    ['x5u', (f) => ({ x5u: `${f.canaryUrl}/certificate.pem` })],
    ['x5c of Google', (f) => ({ x5c: [derOf(f.google.certificatePem)] })],
    ['x5c empty', () => ({ x5c: [] })],
    ['x5t', () => ({ x5t: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['x5t#S256', () => ({ 'x5t#S256': 'A'.repeat(43) })],
  ] as [string, (forge: Forge) => Members][]
).map(([what, header]) => ({
  name: `${what}, signed with the stranger's key`,
  token: (forge) =>
    forge.token({ header: header(forge), signer: rsa(forge.stranger.rsa.privateKey) }),
  receiver: refused.header,
  frontDoor: 401,
}));

/** Parameters that change how a token is read, or that Google does not set; all truly signed. */
const oddParameters: TokenAttack[] = (
  [
    ['jku', (f) => ({ jku: `${f.canaryUrl}/jwks.json` }), 'admits'],
    ['x5u', (f) => ({ x5u: `${f.canaryUrl}/certificate.pem` }), 'admits'],
    ['jwk null', () => ({ jwk: null }), 'admits'],
    ['crit of an unknown name', () => ({ crit: ['exp-strict'], 'exp-strict': true }), 401],
    ['crit empty', () => ({ crit: [] }), 401],
    ['crit of alg', () => ({ crit: ['alg'] }), 401],
    ['crit as a string', () => ({ crit: 'b64' }), 401],
    ['crit null', () => ({ crit: null }), 401],
    ['b64 false', () => ({ b64: false }), 'admits'],
    ['b64 true', () => ({ b64: true }), 'admits'],
    ['b64 false and crit', () => ({ b64: false, crit: ['b64'] }), 401],
    ['zip', () => ({ zip: 'DEF' }), 'admits'],
    ['enc', () => ({ enc: 'A256GCM' }), 'admits'],
    ['cty JWT', () => ({ cty: 'JWT' }), 'admits'],
    ['typ missing', () => ({ typ: undefined }), 'admits'],
    ['typ at+jwt', () => ({ typ: 'at+jwt' }), 401],
    ['typ jwt', () => ({ typ: 'jwt' }), 401],
    ['typ application/jwt', () => ({ typ: 'application/jwt' }), 401],
    ['typ JOSE', () => ({ typ: 'JOSE' }), 401],
    ['typ null', () => ({ typ: null }), 401],
    ['typ as an array', () => ({ typ: ['JWT'] }), 401],
    ['alg as an array', () => ({ alg: ['RS256'] }), 401],
    ['alg as an object', () => ({ alg: { name: 'RS256' } }), 401],
    ['alg null', () => ({ alg: null }), 401],
    ['alg true', () => ({ alg: true }), 401],
    ['alg missing', () => ({ alg: undefined }), 401],
    ['alg dir', () => ({ alg: 'dir' }), 401],
    ['alg RSA-OAEP', () => ({ alg: 'RSA-OAEP', enc: 'A256GCM' }), 401],
  ] as [string, (forge: Forge) => Members, 401 | 'admits'][]
).map(([what, header, frontDoor]) => ({
  name: `${what}, truly signed`,
  token: (forge) => forge.token({ header: header(forge) }),
  receiver: refused.header,
  frontDoor,
}));

/** A kid is a name to look up and nothing else: no path, no query, no command, no property of an object. */
const keyIds: TokenAttack[] = (
  [
    ['missing', undefined, refused.header],
    ['empty', '', refused.header],
    ['null', null, refused.header],
    ['a number', 1, refused.header],
    ['an array', ['key'], refused.header],
    ['an object', { kid: 'key' }, refused.header],
    ['a path to a known file', '../../../../dev/null', refused.signature],
    ['a path, encoded', '..%2f..%2fdev%2fnull', refused.header],
    ['SQL', "x' UNION SELECT 'key' -- ", refused.header],
    ['a command', '$(touch /tmp/kid)', refused.header],
    ['a pipe', '|id', refused.header],
    ['a format', '%s%n', refused.header],
    ['a template', '{{7*7}}', refused.header],
    ['a line end', 'key\r\nX-Injected: 1', refused.header],
    ['NUL', 'key\u0000', refused.header],
    ['129 characters', 'k'.repeat(129), refused.header],
    ['128 characters', 'k'.repeat(128), refused.signature],
    ['3,000 characters', 'k'.repeat(3_000), refused.header],
    ['another language', 'ключ', refused.header],
    ['__proto__', '__proto__', refused.signature],
    ['constructor', 'constructor', refused.signature],
    ['toString', 'toString', refused.signature],
    ['hasOwnProperty', 'hasOwnProperty', refused.signature],
    ['unknown', '0'.repeat(40), refused.signature],
    ['*', '*', refused.header],
    ['undefined, spelled out', 'undefined', refused.signature],
  ] as [string, unknown, TokenAttack['receiver']][]
).map(([what, kid, receiver]) => ({
  name: `kid ${what}`,
  token: (forge) => forge.token({ header: { kid } }),
  receiver,
  frontDoor: 401,
}));

const moreKeyIds: TokenAttack[] = (
  [
    ['a URL', (f) => `${f.canaryUrl}/key`, refused.header],
    ['for JNDI', (f) => `$\{jndi:${f.canaryUrl.replace('http', 'ldap')}/a}`, refused.header],
    ["Google's in upper case", (f) => f.google.kid.toUpperCase(), refused.signature],
    ["Google's with a blank", (f) => `${f.google.kid} `, refused.header],
    ["Google's without its last digit", (f) => f.google.kid.slice(0, -1), refused.signature],
    ["Google's with a byte order mark", (f) => `\ufeff${f.google.kid}`, refused.header],
  ] as [string, (forge: Forge) => string, TokenAttack['receiver']][]
).map(([what, kid, receiver]) => ({
  name: `kid ${what}`,
  token: (forge) => forge.token({ header: { kid: kid(forge) } }),
  receiver,
  frontDoor: 401,
}));

function userPart(forge: Forge, user: string): string {
  return forge.canaryUrl.replace('http://', `http://${user}@`);
}

export const jwtHeader: TokenAttack[] = [
  ...foreignKeys,
  ...oddParameters,
  ...keyIds,
  ...moreKeyIds,
];

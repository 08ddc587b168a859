import { base64url, type Forge, partsOf } from './support/forge.ts';
import { ecdsa } from './support/signers.ts';
import type { TokenAttack } from './support/token-attack.ts';
import { refused } from './support/verdicts.ts';

/** Headers whose JSON is odd. */
const spellings: TokenAttack[] = (
  [
    ['an array', (f) => JSON.stringify([f.header()]), refused.malformed],
    ['a string', () => '"RS256"', refused.malformed],
    ['null', () => 'null', refused.malformed],
    ['a number', () => '1', refused.malformed],
    ['{}', () => '{}', refused.header],
    ['cut off', (f) => JSON.stringify(f.header()).slice(0, -1), refused.malformed],
    [
      'with a comma too many',
      (f) => `${JSON.stringify(f.header()).slice(0, -1)},}`,
      refused.malformed,
    ],
    ['in single quotes', (f) => JSON.stringify(f.header()).replaceAll('"', "'"), refused.malformed],
    ['with a comment', (f) => `/**/${JSON.stringify(f.header())}`, refused.malformed],
    [
      'with a byte order mark',
      (f) => `\ufeff${JSON.stringify(f.header())}`,
      refused.malformed,
      'admits',
    ],
    ['with NUL at its end', (f) => `${JSON.stringify(f.header())}\u0000`, refused.malformed],
    ['twice', (f) => JSON.stringify(f.header()).repeat(2), refused.malformed],
    [
      'with alg twice, none last',
      (f) => f.headerWith('alg', '"RS256","alg":"none"'),
      refused.header,
    ],
    [
      'with kid twice, unknown last',
      (f) => f.headerWith('kid', `"${f.google.kid}","kid":"k"`),
      refused.signature,
    ],
    [
      'with alg spelled Alg',
      (f) => f.headerWith('Alg', '"RS256"').replace('"alg":"RS256",', ''),
      refused.header,
    ],
    [
      'with alg under __proto__',
      (f) => f.headerWith('alg', '{}').replace('"alg":{}', '"__proto__":{"alg":"RS256"}'),
      refused.header,
    ],
    ['in UTF-16', (f) => Buffer.from(JSON.stringify(f.header()), 'utf16le'), refused.malformed],
    ['with an overlong byte', (f) => overlong(JSON.stringify(f.header())), refused.malformed],
    [
      'with a byte that is no UTF-8',
      (f) =>
        Buffer.concat([
          Buffer.from(f.headerWith('x', '"').slice(0, -1)),
          Buffer.from([0xff]),
          Buffer.from('"}'),
        ]),
      refused.malformed,
    ],
    [
      'nested a thousand times',
      (f) =>
        f
          .headerWith('x', `${'['.repeat(1_000)}${']'.repeat(1_000)}`)
          .replace('"alg":"RS256"', '"alg":"none"'),
      refused.header,
    ],
  ] as [
    string,
    (forge: Forge) => string | Buffer,
    TokenAttack['receiver'],
    TokenAttack['frontDoor']?,
  ][]
).map(([what, header, receiver, frontDoor = 401]) => ({
  name: `a header ${what}`,
  token: (forge) => forge.spelled(header(forge)),
  receiver,
  frontDoor,
}));

/** What is no token in the compact form at all, or is not encoded as such (RFC 7515 section 7.1). */
const shapes: TokenAttack[] = (
  [
    ['nothing', () => ''],
    ['a word', () => 'undefined'],
    ['one dot', () => '.'],
    ['two dots', () => '..'],
    ['three dots', () => '...'],
    ['10,000 dots', () => '.'.repeat(10_000)],
    ['a token without its signature', (f) => partsOf(f.token()).slice(0, 2).join('.')],
    ['an empty signature', (f) => `${partsOf(f.token()).slice(0, 2).join('.')}.`],
    ['four parts', (f) => `${f.token()}.${base64url('x')}`],
    ['five parts, like JWE', (f) => `${f.token()}.${base64url('x')}.${base64url('y')}`],
    ['a dot at its end', (f) => `${f.token()}.`],
    ['a dot in front', (f) => `.${f.token()}`],
    ['padding', (f) => f.token().replace(/$/, '==')],
    ['padding inside', (f) => f.token().split('.').join('=.')],
    ['percent encoding', (f) => f.token().replaceAll('.', '%2E')],
    ['quotes around it', (f) => `"${f.token()}"`],
    ['a fragment', (f) => `${f.token()}#`],
    ['two tokens and a comma', (f) => `${f.token()},${f.token()}`],
    ['two tokens and a blank', (f) => `${f.token()} ${f.token()}`],
    ['a second Bearer', (f) => `${f.token()}, Bearer ${f.token()}`],
    ['Bearer Bearer', (f) => `Bearer ${f.token()}`],
    ['a blank in the middle', (f) => f.token().replace('.', '. ')],
    ['a tab in the middle', (f) => f.token().replace('.', '.\t')],
    ['trailing bits', (f) => looseBits(f.token())],
    ['plain base64', (f) => `${f.token().slice(0, -4)}+/+/`],
    ['the JSON serialisation', (f) => jsonSerialisation(f.token())],
    ['the JSON serialisation, encoded', (f) => base64url(jsonSerialisation(f.token()))],
    ['a token inside a token', (f) => f.spelled(undefined, f.token())],
    ['a token inside a JSON string', (f) => f.spelled(undefined, JSON.stringify(f.token()))],
    ['a byte beyond ASCII', (f) => `${f.token()}\u00e9`],
    [
      'an ES256 token of a stranger, encoded twice',
      (f) => base64url(f.token({ signer: ecdsa(f.stranger.ec.privateKey) })),
    ],
    ['an access token', () => `ya29.${'a'.repeat(200)}`],
    ['a Basic credential', () => base64url('user:password')],
  ] as [string, (forge: Forge) => string][]
).map(([what, token]) => ({
  name: `in place of a token: ${what}`,
  token,
  receiver: refused.malformed,
  frontDoor: 401,
}));

/** The first quote in two bytes where one is enough: an old way past filters (RFC 3629 section 10). */
function overlong(json: string): Buffer {
  const [, ...rest] = json;
  return Buffer.concat([Buffer.from([0xc1, 0xbb]), Buffer.from(rest.join(''))]);
}

/** The same 256 bytes, with bits set in the last character that no byte needs. */
function looseBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.slice(-1)) + 1]}`;
}

/** RFC 7515 section 7.2.2. */
function jsonSerialisation(token: string): string {
  const [header, payload, signature] = partsOf(token);
  return JSON.stringify({ payload, protected: header, signature });
}

export const tokenShapes: TokenAttack[] = [...spellings, ...shapes];

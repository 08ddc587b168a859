import { deflateRawSync } from 'node:zlib';
import { type Forge, partsOf } from './support/forge.ts';
import type { TokenAttack } from './support/token-attack.ts';
import { refused, type Verdict } from './support/verdicts.ts';

type FrontDoor = TokenAttack['frontDoor'];

/** The JSON of the claims, written in ways that parsers disagree about. */
const spellings: TokenAttack[] = (
  [
    ['exp NaN', (f) => f.claimsWith('exp', 'NaN'), refused.malformed, 401],
    ['exp Infinity', (f) => f.claimsWith('exp', 'Infinity'), refused.malformed, 401],
    ['exp 1e400', (f) => f.claimsWith('exp', '1e400'), refused.times, 401],
    ['exp 1e99', (f) => f.claimsWith('exp', '1e99'), refused.times, 401],
    ['exp 1e10', (f) => f.claimsWith('exp', '1e10'), refused.lifetime, 'admits'],
    ['exp 9999999999.0', (f) => f.claimsWith('exp', '9999999999.0'), refused.lifetime, 'admits'],
    ['exp -0', (f) => f.claimsWith('exp', '-0'), refused.expired, 401],
    ['exp in hexadecimal', (f) => f.claimsWith('exp', '0xffffffff'), refused.malformed, 401],
    ['exp with a zero in front', (f) => f.claimsWith('exp', '09999999999'), refused.malformed, 401],
    ['exp with a plus', (f) => f.claimsWith('exp', '+9999999999'), refused.malformed, 401],
    ['exp of 5,000 digits', (f) => f.claimsWith('exp', '9'.repeat(5_000)), refused.times, 401],
    ['iat -0', (f) => f.claimsWith('iat', '-0'), refused.lifetime, 'admits'],
    [
      'exp twice, the past last',
      (f) => f.claimsWith('exp', `${f.now + 3_000},"exp":1`),
      refused.expired,
      401,
    ],
    [
      'aud twice, another last',
      (f) => f.claimsWith('aud', `"${f.truth.audience}","aud":"https://evil.example"`),
      refused.audience,
      401,
    ],
    [
      'iss twice, another last',
      (f) => f.claimsWith('iss', '"https://accounts.google.com","iss":"https://evil.example"'),
      refused.issuer,
      401,
    ],
    [
      'aud spelled Aud',
      (f) => f.claimsWith('aud', '""').replace('"aud":""', `"Aud":"${f.truth.audience}"`),
      refused.audience,
      401,
    ],
    [
      'aud spelled aud and NUL',
      (f) => f.claimsWith('aud', '""').replace('"aud":""', `"aud\\u0000":"${f.truth.audience}"`),
      refused.audience,
      401,
    ],
    [
      'exp under __proto__',
      (f) => f.claimsWith('exp', '0').replace('"exp":0', `"__proto__":{"exp":${f.now + 3_000}}`),
      refused.times,
      401,
    ],
    [
      'a constructor with a prototype',
      (f) =>
        f
          .claimsWith('exp', '1')
          .replace('"exp":1', `"constructor":{"prototype":{"exp":${f.now + 3_000}}}`),
      refused.times,
      401,
    ],
    ['an array', (f) => JSON.stringify([f.claims()]), refused.malformed, 401],
    ['null', () => 'null', refused.malformed, 401],
    ['a string of JSON', (f) => JSON.stringify(JSON.stringify(f.claims())), refused.malformed, 401],
    ['{}', () => '{}', refused.issuer, 401],
    ['no JSON', () => 'sub=1&aud=2', refused.malformed, 401],
    [
      'XML',
      () => '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      refused.malformed,
      401,
    ],
    ['JSON, cut off', (f) => JSON.stringify(f.claims()).slice(0, -1), refused.malformed, 401],
    ['JSON and more', (f) => `${JSON.stringify(f.claims())}{}`, refused.malformed, 401],
    [
      'a byte order mark',
      (f) => `\ufeff${JSON.stringify(f.claims())}`,
      refused.malformed,
      'admits',
    ],
    ['NUL in front', (f) => `\u0000${JSON.stringify(f.claims())}`, refused.malformed, 401],
    ['UTF-16', (f) => Buffer.from(JSON.stringify(f.claims()), 'utf16le'), refused.malformed, 401],
    [
      'UTF-16 with its mark',
      (f) => Buffer.from(`\ufeff${JSON.stringify(f.claims())}`, 'utf16le'),
      refused.malformed,
      401,
    ],
    ['an overlong slash', (f) => withByte(f, [0xc0, 0xaf]), refused.malformed, 401],
    [
      'half a surrogate pair in UTF-8',
      (f) => withByte(f, [0xed, 0xa0, 0x80]),
      refused.malformed,
      401,
    ],
    ['a byte that is no UTF-8', (f) => withByte(f, [0xff]), refused.malformed, 401],
    ['latin1', (f) => Buffer.from(f.claimsWith('x', '"é"'), 'latin1'), refused.malformed, 401],
    ['a line end in a string', (f) => f.claimsWith('x', '"\n"'), refused.malformed, 401],
    [
      'arrays 2,000 deep',
      (f) => f.claimsWith('exp', `${'['.repeat(2_000)}${']'.repeat(2_000)}`),
      refused.times,
      401,
    ],
    ['compressed', (f) => deflateRawSync(JSON.stringify(f.claims())), refused.malformed, 401],
  ] as [string, (forge: Forge) => string | Buffer, Verdict, FrontDoor][]
).map(([what, claims, receiver, frontDoor]) => ({
  name: `claims with ${what}`,
  token: (forge) => forge.spelled(undefined, claims(forge)),
  receiver,
  frontDoor,
}));

/** A truly signed token whose base64url is not the one and only spelling (RFC 4648 section 3.5). */
const encodings: TokenAttack[] = (
  [
    ['padding in the header', ([h, c]) => [`${h}=`, c]],
    ['padding in the claims', ([h, c]) => [h, `${c}=`]],
    ['a blank in the claims', ([h, c]) => [h, ` ${c}`]],
    ['a line end in the claims', ([h, c]) => [h, `${c.slice(0, 9)}%0a${c.slice(9)}`]],
    ['plain base64 in the claims', ([h, c]) => [h, `${c}+/`]],
    ['a lone character', ([h, c]) => [h, `${c}${'A'.repeat((5 - (c.length % 4)) % 4 || 4)}`]],
    ['no header', ([, c]) => ['', c]],
    ['no claims', ([h]) => [h, '']],
  ] as [string, (parts: readonly [string, string]) => [string, string]][]
).map(([what, change]) => ({
  name: `truly signed, with ${what}`,
  token: (forge) => {
    const [header, claims] = partsOf(forge.token());
    return forge.encoded(...change([header, claims]));
  },
  receiver: refused.malformed,
  frontDoor: 401,
}));

function withByte(forge: Forge, bytes: number[]): Buffer {
  const [before = '', after = ''] = forge.claimsWith('x', '"|"').split('|');
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
}

export const claimEncodings: TokenAttack[] = [...spellings, ...encodings];

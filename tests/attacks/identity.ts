import type { Forge, Members } from './support/forge.ts';
import type { TokenAttack } from './support/token-attack.ts';
import { refused, type Verdict } from './support/verdicts.ts';

/** Genuine, truly signed, for the right audience, and of somebody else. */
const strangers: TokenAttack[] = (
  [
    ['another service account of the project', 'receiver@demo-project.iam.gserviceaccount.com'],
    ['an account of the same name elsewhere', 'caller@evil-project.iam.gserviceaccount.com'],
    ['the default account', '123456789012-compute@developer.gserviceaccount.com'],
    ["Cloud Run's own agent", 'service-1@serverless-robot-prod.iam.gserviceaccount.com'],
    ['the developer', 'developer@example.com'],
    ['anybody', 'eve@example.com'],
    ['somebody with an empty name', '@demo-project.iam.gserviceaccount.com'],
    ['allUsers', 'allUsers'],
    ['allAuthenticatedUsers', 'allAuthenticatedUsers'],
    ['with the prefix of a member', 'serviceAccount:caller@demo-project.iam.gserviceaccount.com'],
    ['a list', 'caller@demo-project.iam.gserviceaccount.com,eve@example.com'],
    ['a list the other way', 'eve@example.com,caller@demo-project.iam.gserviceaccount.com'],
    ['a wildcard', '*@demo-project.iam.gserviceaccount.com'],
    ['a regular expression', '.*'],
    ['a tag', 'caller+x@demo-project.iam.gserviceaccount.com'],
    ['a dot more', 'ca.ller@demo-project.iam.gserviceaccount.com'],
    ['a dot at the end', 'caller@demo-project.iam.gserviceaccount.com.'],
    ['a longer domain', 'caller@demo-project.iam.gserviceaccount.com.evil.example'],
    ['a longer name', 'xcaller@demo-project.iam.gserviceaccount.com'],
    ['a shorter name', 'calle@demo-project.iam.gserviceaccount.com'],
    ['a hyphen more', 'caller-@demo-project.iam.gserviceaccount.com'],
    ['two @', 'eve@example.com@demo-project.iam.gserviceaccount.com'],
    ['two @ the other way', 'caller@demo-project.iam.gserviceaccount.com@evil.example'],
    ['a quoted local part', '"caller"@demo-project.iam.gserviceaccount.com'],
    ['a display name', 'x <caller@demo-project.iam.gserviceaccount.com>'],
    ['a comment', 'caller(x)@demo-project.iam.gserviceaccount.com'],
    ['a percent sign', 'caller%demo-project.iam.gserviceaccount.com@evil.example'],
    ['an encoded @', 'caller%40demo-project.iam.gserviceaccount.com'],
    ['a blank in front', ' caller@demo-project.iam.gserviceaccount.com'],
    ['a blank at the end', 'caller@demo-project.iam.gserviceaccount.com '],
    ['a tab', 'caller@demo-project.iam.gserviceaccount.com\t'],
    ['a line end', 'caller@demo-project.iam.gserviceaccount.com\n'],
    ['NUL at the end', 'caller@demo-project.iam.gserviceaccount.com\u0000'],
    ['NUL and more', 'caller@demo-project.iam.gserviceaccount.com\u0000.evil.example'],
    ['a zero-width space', 'call\u200ber@demo-project.iam.gserviceaccount.com'],
    ['a soft hyphen', 'call\u00ader@demo-project.iam.gserviceaccount.com'],
    ['a byte order mark', '\ufeffcaller@demo-project.iam.gserviceaccount.com'],
    ['right-to-left marks', '\u202ecaller@demo-project.iam.gserviceaccount.com'],
    ['a Cyrillic a', 'cаller@demo-project.iam.gserviceaccount.com'],
    ['a fullwidth c', 'ｃaller@demo-project.iam.gserviceaccount.com'],
    ['a fullwidth @', 'caller＠demo-project.iam.gserviceaccount.com'],
    ['an ideographic full stop', 'caller@demo-project。iam.gserviceaccount.com'],
    ['a long s', 'caller@demo-project.iam.gſerviceaccount.com'],
    ['a dotless i', 'caller@demo-project.ıam.gserviceaccount.com'],
    ['a dotted capital I', 'caller@demo-project.İam.gserviceaccount.com'],
    ['a combining accent', 'calle\u0301r@demo-project.iam.gserviceaccount.com'],
    ['a ligature', 'caller@demo-project.iam.gserviceaccount.ﬁ'],
    ['punycode', 'caller@xn--demo-project-.iam.gserviceaccount.com'],
    ['3,000 letters', `${'c'.repeat(3_000)}@demo-project.iam.gserviceaccount.com`],
    ['the name of a property', '__proto__'],
    ['has', 'has'],
  ] as [string, string][]
).map(([who, email]) => ({
  name: `a genuine token of ${who}`,
  token: (forge) => forge.token({ claims: { email, sub: '100000000000000000666' } }),
  receiver: refused.stranger,
  frontDoor: 403,
}));

/** Whose address is not proven, or not an address; and what the front door takes for the caller. */
const unproven: TokenAttack[] = (
  [
    ['in upper case', (f) => ({ email: f.truth.email.toUpperCase() }), refused.stranger, 'admits'],
    [
      'with one capital',
      (f) => ({ email: f.truth.email.replace('c', 'C') }),
      refused.stranger,
      'admits',
    ],
    ['not verified', () => ({ email_verified: false }), refused.unverified, 'admits'],
    ['verified: missing', () => ({ email_verified: undefined }), refused.unverified, 'admits'],
    ['verified: "true"', () => ({ email_verified: 'true' }), refused.unverified, 401],
    ['verified: 1', () => ({ email_verified: 1 }), refused.unverified, 401],
    ['verified: [true]', () => ({ email_verified: [true] }), refused.unverified, 401],
    ['verified: {}', () => ({ email_verified: {} }), refused.unverified, 401],
    ['verified: null', () => ({ email_verified: null }), refused.unverified, 401],
    [
      'missing, as with format=standard',
      () => ({ email: undefined, email_verified: undefined }),
      refused.unverified,
      'admits',
    ],
    [
      'missing, azp in its place',
      (f) => ({ email: undefined, azp: f.truth.email }),
      refused.unverified,
      'admits',
    ],
    [
      'missing, sub in its place',
      (f) => ({ email: undefined, sub: f.truth.email }),
      refused.unverified,
      401,
    ],
    [
      'missing, preferred_username in its place',
      (f) => ({ email: undefined, preferred_username: f.truth.email }),
      refused.unverified,
      'admits',
    ],
    ['as an array', (f) => ({ email: [f.truth.email] }), refused.unverified, 401],
    [
      'as an array of two',
      (f) => ({ email: [f.truth.email, 'eve@example.com'] }),
      refused.unverified,
      401,
    ],
    ['as an object', (f) => ({ email: { address: f.truth.email } }), refused.unverified, 401],
    ['null', () => ({ email: null }), refused.unverified, 401],
    ['empty', () => ({ email: '' }), refused.stranger, 401],
    ['a number', () => ({ email: 7 }), refused.unverified, 401],
    [
      'of a stranger, not verified',
      () => ({ email: 'eve@example.com', email_verified: false }),
      refused.unverified,
      401,
    ],
    [
      "of a stranger, the caller's in azp",
      (f) => ({ email: 'eve@example.com', azp: f.truth.email }),
      refused.stranger,
      403,
    ],
    [
      "of a stranger, the caller's sub",
      () => ({ email: 'eve@example.com' }),
      refused.stranger,
      403,
    ],
    [
      'under Email',
      (f) => ({ email: undefined, Email: f.truth.email }),
      refused.unverified,
      'admits',
    ],
    [
      'under emails',
      (f) => ({ email: undefined, emails: [f.truth.email] }),
      refused.unverified,
      'admits',
    ],
  ] as [string, (forge: Forge) => Members, Verdict, TokenAttack['frontDoor']][]
).map(([what, claims, receiver, frontDoor]) => ({
  name: `the e-mail address ${what}`,
  token: (forge) => forge.token({ claims: claims(forge) }),
  receiver,
  frontDoor,
}));

const twice: TokenAttack[] = [
  {
    name: 'the e-mail address twice, the stranger last',
    token: (forge) =>
      forge.spelled(
        undefined,
        forge.claimsWith('email', `"${forge.truth.email}","email":"eve@example.com"`),
      ),
    receiver: refused.stranger,
    frontDoor: 403,
  },
  {
    name: 'verified twice, false last',
    token: (forge) =>
      forge.spelled(undefined, forge.claimsWith('email_verified', 'true,"email_verified":false')),
    receiver: refused.unverified,
    frontDoor: 'admits',
  },
];

export const identity: TokenAttack[] = [...strangers, ...unproven, ...twice];

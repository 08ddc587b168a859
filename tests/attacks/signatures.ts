import { base64url, type Forge, partsOf } from './support/forge.ts';
import {
  altered,
  ecdsa,
  eddsa,
  fixed,
  hmac,
  over,
  rsa,
  rsaPss,
  type Signer,
} from './support/signers.ts';
import type { TokenAttack } from './support/token-attack.ts';
import { refused } from './support/verdicts.ts';

const nothing = fixed(Buffer.alloc(0));

/** The ways to write "not signed at all": RFC 8725 section 3.1, and what case-blind checks let through. */
const nones = ['none', 'None', 'NONE', 'nOnE', 'none ', ' none', 'none\u0000', 'nоne', '', 'null'];

const withoutSignature: TokenAttack[] = nones.flatMap((alg) => [
  {
    name: `alg ${JSON.stringify(alg)} and an empty signature`,
    token: (forge) => forge.token({ header: { alg }, signer: nothing }),
    receiver: refused.malformed,
    frontDoor: 401,
  },
  {
    name: `alg ${JSON.stringify(alg)} over Google's true signature`,
    token: (forge) => forge.token({ header: { alg } }),
    receiver: refused.header,
    frontDoor: 401,
  },
]);

/** CVE-2015-9235 and its kin: the public key, in every form that lies open, as the secret of HMAC. */
const publicSecrets: TokenAttack[] = (
  [
    ['PEM of the public key', (g) => g.publicKey.export({ type: 'spki', format: 'pem' })],
    ['PKCS #1 PEM', (g) => g.publicKey.export({ type: 'pkcs1', format: 'pem' })],
    ['DER of the public key', (g) => g.publicKey.export({ type: 'spki', format: 'der' })],
    ['certificate', (g) => g.certificatePem],
    ['certificate without its last line end', (g) => g.certificatePem.trim()],
    ['modulus', (g) => String(g.publicKey.export({ format: 'jwk' }).n)],
    ['key id', (g) => g.kid],
    ['empty text', () => ''],
  ] as [string, (google: Forge['google']) => string | Buffer][]
).map(([what, secret]) => ({
  name: `HS256 with the ${what} as the secret`,
  token: (forge) => forge.token({ header: { alg: 'HS256' }, signer: hmac(secret(forge.google)) }),
  receiver: refused.header,
  frontDoor: 401,
}));

const otherAlgorithms: TokenAttack[] = (
  [
    ['HS384', (f) => hmac(f.google.certificatePem, 'sha384')],
    ['HS512', (f) => hmac(f.google.certificatePem, 'sha512')],
    ['RS384', (f) => rsa(f.google.privateKey, 'sha384')],
    ['RS512', (f) => rsa(f.google.privateKey, 'sha512')],
    ['PS256', (f) => rsaPss(f.google.privateKey)],
    ['RS1', (f) => rsa(f.google.privateKey, 'sha1')],
    ['ES256', (f) => ecdsa(f.stranger.ec.privateKey)],
    ['ES256K', (f) => ecdsa(f.stranger.ec.privateKey)],
    ['EdDSA', (f) => eddsa(f.stranger.ed.privateKey)],
    ['Ed25519', (f) => eddsa(f.stranger.ed.privateKey)],
    ['rs256', (f) => f.googleSigner],
    ['RS256 ', (f) => f.googleSigner],
    ['RS256\u0000', (f) => f.googleSigner],
    ['ＲＳ256', (f) => f.googleSigner],
    ['RSA-SHA256', (f) => f.googleSigner],
  ] as [string, (forge: Forge) => Signer][]
).map(([alg, signer]) => ({
  name: `alg ${JSON.stringify(alg)}, signed accordingly`,
  token: (forge) => forge.token({ header: { alg }, signer: signer(forge) }),
  receiver: refused.header,
  frontDoor: 401,
}));

/** CVE-2022-21449: an ECDSA signature of zeros, which some implementations took for everything. */
const psychic: TokenAttack[] = [
  ['64 zero bytes', Buffer.alloc(64)],
  ['DER of two zeros', Buffer.from('3006020100020100', 'hex')],
  ['96 zero bytes', Buffer.alloc(96)],
].map(([what, bytes]) => ({
  name: `ES256 with ${what} for a signature`,
  token: (forge) => forge.token({ header: { alg: 'ES256' }, signer: fixed(bytes as Buffer) }),
  receiver: refused.header,
  frontDoor: 401,
}));

/** RS256, as it should be, and the signature is wrong. */
const badSignatures: TokenAttack[] = (
  [
    ["a stranger's key under Google's kid", (f) => rsa(f.stranger.rsa.privateKey)],
    ['a short RSA key', (f) => rsa(f.stranger.shortRsa.privateKey)],
    ['PSS padding', (f) => rsaPss(f.google.privateKey)],
    ['SHA-1', (f) => rsa(f.google.privateKey, 'sha1')],
    ['SHA-512', (f) => rsa(f.google.privateKey, 'sha512')],
    ['256 zero bytes', () => fixed(Buffer.alloc(256))],
    ['256 bytes of ff', () => fixed(Buffer.alloc(256, 0xff))],
    ['the number one', () => fixed(Buffer.concat([Buffer.alloc(255), Buffer.from([1])]))],
    ['one byte', () => fixed(Buffer.from([0x30]))],
    ['a JSON text', () => fixed(Buffer.from('{"alg":"none"}'))],
    ['the modulus itself', (f) => fixed(modulus(f.google.publicKey))],
    ['an ECDSA signature', (f) => ecdsa(f.stranger.ec.privateKey)],
    ['HMAC with the certificate', (f) => hmac(f.google.certificatePem)],
    [
      'one bit changed',
      (f) =>
        altered(f.googleSigner, (s) => s.map((byte, at) => (at === 9 ? byte ^ 1 : byte)) as Buffer),
    ],
    ['its last byte missing', (f) => altered(f.googleSigner, (s) => s.subarray(0, -1))],
    ['a byte more', (f) => altered(f.googleSigner, (s) => Buffer.concat([s, Buffer.alloc(1)]))],
    [
      'a zero byte in front',
      (f) => altered(f.googleSigner, (s) => Buffer.concat([Buffer.alloc(1), s])),
    ],
    ['its bytes in reverse', (f) => altered(f.googleSigner, (s) => s.reverse())],
    ['itself twice', (f) => altered(f.googleSigner, (s) => Buffer.concat([s, s]))],
    ["Google's signature of another token", (f) => over(f.googleSigner, 'eyJ9.eyJ9')],
    ["Google's signature of nothing", (f) => over(f.googleSigner, '')],
    [
      "Google's signature of the claims alone",
      (f) => (input) => f.googleSigner(String(input.split('.')[1])),
    ],
  ] as [string, (forge: Forge) => Signer][]
).map(([what, signer]) => ({
  name: `RS256 signed by ${what}`,
  token: (forge) => forge.token({ signer: signer(forge) }),
  receiver: refused.signature,
  frontDoor: 401,
}));

/** A good token, changed after it was signed. */
const tampered: TokenAttack[] = [
  {
    name: 'the claims of a stranger, exchanged for those of the caller',
    token: (forge) => {
      const [header, , signature] = partsOf(forge.token({ claims: { email: 'eve@example.com' } }));
      return `${header}.${base64url(JSON.stringify(forge.claims()))}.${signature}`;
    },
    receiver: refused.signature,
    frontDoor: 401,
  },
  {
    name: 'an expired token with a new exp',
    token: (forge) => {
      const past = { iat: forge.now - 7_200, exp: forge.now - 3_600 };
      const [header, , signature] = partsOf(forge.token({ claims: past }));
      return `${header}.${base64url(JSON.stringify(forge.claims()))}.${signature}`;
    },
    receiver: refused.signature,
    frontDoor: 401,
  },
  {
    name: 'a blank added to the claims',
    token: (forge) => {
      const [header, , signature] = partsOf(forge.token());
      return `${header}.${base64url(`${JSON.stringify(forge.claims())} `)}.${signature}`;
    },
    receiver: refused.signature,
    frontDoor: 401,
  },
  {
    name: "the header's members in another order",
    token: (forge) => {
      const [, claims, signature] = partsOf(forge.token());
      const header = JSON.stringify({ typ: 'JWT', alg: 'RS256', kid: forge.google.kid });
      return `${base64url(header)}.${claims}.${signature}`;
    },
    receiver: refused.signature,
    frontDoor: 401,
  },
  {
    name: 'the signature as Cloud Run removes it',
    token: (forge) => {
      const [header, claims] = partsOf(forge.token());
      return `${header}.${claims}.SIGNATURE_REMOVED_BY_GOOGLE`;
    },
    receiver: refused.stripped,
    frontDoor: 401,
  },
  {
    name: 'that mark, cut off',
    token: (forge) => {
      const [header, claims] = partsOf(forge.token());
      return `${header}.${claims}.SIGNATURE_REMOVED_BY_GOOGL`;
    },
    receiver: refused.malformed,
    frontDoor: 401,
  },
];

function modulus(key: { export(options: { format: 'jwk' }): { n?: string } }): Buffer {
  return Buffer.from(String(key.export({ format: 'jwk' }).n), 'base64url');
}

export const signatures: TokenAttack[] = [
  ...withoutSignature,
  ...publicSecrets,
  ...otherAlgorithms,
  ...psychic,
  ...badSignatures,
  ...tampered,
];

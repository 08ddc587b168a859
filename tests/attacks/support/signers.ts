import {
  constants,
  createHmac,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';

/** Makes the bytes of a JWS signature over its first two parts. */
export type Signer = (input: string) => Buffer;

/** RFC 7518 section 3.3: RS256, RS384, RS512. */
export const rsa =
  (key: KeyObject, hash: 'sha1' | 'sha256' | 'sha384' | 'sha512' = 'sha256'): Signer =>
  (input) =>
    createSign(hash).update(input).sign(key);

/** RFC 7518 section 3.5: PS256. */
export const rsaPss =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, padding: constants.RSA_PKCS1_PSS_PADDING });

/** RFC 7518 section 3.4: ES256, 64 bytes. */
export const ecdsa =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });

/** RFC 8037 section 3.1. */
export const eddsa =
  (key: KeyObject): Signer =>
  (input) =>
    sign(null, Buffer.from(input), key);

/** RFC 7518 section 3.2, with whatever lies open as the secret. */
export const hmac =
  (secret: string | Buffer, hash: 'sha256' | 'sha384' | 'sha512' = 'sha256'): Signer =>
  (input) =>
    createHmac(hash, secret).update(input).digest();

/** The same bytes whatever is signed. */
export const fixed =
  (bytes: Buffer): Signer =>
  () =>
    bytes;

/** The signature of another text, which the key's owner has really signed. */
export const over =
  (signer: Signer, text: string): Signer =>
  () =>
    signer(text);

/** Another signature made of a good one. */
export const altered =
  (signer: Signer, change: (signature: Buffer) => Buffer): Signer =>
  (input) =>
    change(Buffer.from(signer(input)));

/** Keys of somebody who is not Google. */
export interface StrangerKeys {
  rsa: KeyPair;
  /** Too short to be trusted by anybody. */
  shortRsa: KeyPair;
  ec: KeyPair;
  ed: KeyPair;
}

export interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

export function generateStrangerKeys(): StrangerKeys {
  return {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    shortRsa: generateKeyPairSync('rsa', { modulusLength: 1024 }),
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ed: generateKeyPairSync('ed25519'),
  };
}

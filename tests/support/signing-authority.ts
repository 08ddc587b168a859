import 'reflect-metadata';
import { sign, webcrypto, X509Certificate } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

export type Claims = Record<string, unknown>;

export const audience = 'https://receiver-123456789012.europe-west1.run.app';
export const callerEmail = 'caller@demo-project.iam.gserviceaccount.com';

/**
 * An issuer with a real RS256 key, made on the spot, that signs whatever a test asks for: what the
 * JWT libraries would refuse to write must be written here.
 */
export async function createSigningAuthority(keyId = 'key-1') {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    keys,
    signingAlgorithm: algorithm,
  });
  const privateKeyPem = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const privateKey = { key: privateKeyPem, format: 'der', type: 'pkcs8' } as const;

  const signParts = (header: unknown, claims: unknown) => {
    const signed = `${encode(header)}.${encode(claims)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };

  return {
    keyId,
    pem: certificate.toString('pem'),
    /** As Google's certificate endpoint answers. */
    certificates: { [keyId]: certificate.toString('pem') },
    /** The same as the verifier takes it. */
    keys: { [keyId]: new X509Certificate(certificate.toString('pem')).publicKey },
    /** A token as Google makes it, apart from what is overridden; `undefined` leaves a member out. */
    token(overrides: { header?: Claims; claims?: Claims } = {}): string {
      const header = { alg: 'RS256', kid: keyId, typ: 'JWT', ...overrides.header };
      return signParts(header, { ...genuineClaims(), ...overrides.claims });
    },
    signParts,
    /** Signs two parts that are already encoded. */
    signEncoded(header: string, claims: string): string {
      const signed = `${header}.${claims}`;
      const signature = sign('RSA-SHA256', Buffer.from(signed), privateKey);
      return `${signed}.${signature.toString('base64url')}`;
    },
  };
}

/** The claims of an ID token that the metadata server gives with format=full. */
export function genuineClaims(nowMs = Date.now()): Claims {
  const iat = Math.floor(nowMs / 1_000);
  return {
    aud: audience,
    azp: '100000000000000000001',
    email: callerEmail,
    email_verified: true,
    exp: iat + 3_600,
    iat,
    iss: 'https://accounts.google.com',
    sub: '100000000000000000001',
  };
}

export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

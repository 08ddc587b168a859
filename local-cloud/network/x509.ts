// First: the X.509 library looks for it while it is loaded.
import 'reflect-metadata';
import { createHash, type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { onlyDomains } from './name-constraints.ts';

/** What goes into a certificate. `signingKey` is the issuer's private key, RSA or EC P-256. */
export interface CertificateContent {
  /** Distinguished names, RFC 4514. */
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  signingKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
  extensions: readonly Extension[];
}

const ellipticAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsaAlgorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** Signs a version 3 certificate (RFC 5280, section 4.1) with SHA-256 and returns it as PEM. */
export async function issueCertificate(content: CertificateContent): Promise<string> {
  const { signingKey, publicKey, extensions, ...dates } = content;
  const certificate = await X509CertificateGenerator.create(
    {
      ...dates,
      serialNumber: serialNumber(),
      publicKey: toCryptoKey(publicKey, 'verify'),
      signingKey: toCryptoKey(signingKey, 'sign'),
      signingAlgorithm: algorithmOf(signingKey),
      extensions: [...extensions],
    },
    webcrypto,
  );
  return `${certificate.toString('pem')}\n`;
}

/** The extensions of a CA that may issue leaf certificates only, and for hosts in these domains only. */
export function authorityExtensions(publicKey: KeyObject, domains: readonly string[]): Extension[] {
  return [
    new BasicConstraintsExtension(true, 0, true),
    onlyDomains(domains),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    new SubjectKeyIdentifierExtension(keyIdentifier(publicKey)),
  ];
}

/** The extensions of a TLS server's certificate for one DNS name. */
export function serverExtensions(
  host: string,
  publicKey: KeyObject,
  issuerPublicKey: KeyObject,
): Extension[] {
  return [
    ...endEntityExtensions(ExtendedKeyUsage.serverAuth),
    new SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
    new SubjectKeyIdentifierExtension(keyIdentifier(publicKey)),
    // Python 3.13 and later refuse a leaf without it (VERIFY_X509_STRICT).
    new AuthorityKeyIdentifierExtension(keyIdentifier(issuerPublicKey)),
  ];
}

/** The extensions that Google's own signing certificates carry. */
export function tokenSignerExtensions(): Extension[] {
  return endEntityExtensions(ExtendedKeyUsage.clientAuth);
}

/** 40 hexadecimal digits that stand for a public key: RFC 5280, section 4.2.1.2, over the whole key info. */
export function keyIdentifier(publicKey: KeyObject): string {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function endEntityExtensions(purpose: string): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([purpose]),
  ];
}

function algorithmOf(key: KeyObject) {
  return key.asymmetricKeyType === 'ec' ? ellipticAlgorithm : rsaAlgorithm;
}

function toCryptoKey(key: KeyObject, usage: 'sign' | 'verify') {
  return key.toCryptoKey(algorithmOf(key), true, [usage]);
}

/** Positive, not guessable, at most 20 octets: RFC 5280, section 4.1.2.2. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}

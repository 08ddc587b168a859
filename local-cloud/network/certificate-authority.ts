import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { authorityExtensions, issueCertificate, serverExtensions } from './x509.ts';

/** What a TLS server needs to appear as one host: options for `tls.createServer` and its like. */
export interface HostCertificate {
  /** PEM of the certificate. */
  cert: string;
  /** PEM of its private key. */
  key: string;
}

/** Said in every certificate chain, so that nobody takes the stand-in for the real thing. */
const authorityName = 'CN=Local cloud CA (not Google), O=local-cloud';

/** Every host that is played here is in one of these. Clients take no certificate of ours for others. */
const playedDomains = ['googleapis.com', 'run.app'];

const defaultLifetimeMs = 24 * 3_600_000;
/** Clients whose clock is a little behind accept the certificates all the same. */
const backdatedMs = 3_600_000;
/** Wildcard routes know any number of hosts; this many keep their certificate. */
const keptHosts = 200;

interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

interface Validity {
  notBefore: Date;
  notAfter: Date;
}

export interface CertificateAuthorityOptions {
  clock: Clock;
  /** How long the CA and all it issues stay valid from now on, in milliseconds; one day by default. */
  lifetimeMs?: number;
  /** It is good for hosts in these only; by default those that are played here. */
  domains?: readonly string[];
}

/**
 * A certificate authority that lives and dies with one local cloud: its private key is made here and
 * never leaves the process.
 */
export class CertificateAuthority {
  /** The CA's own certificate, for NODE_EXTRA_CA_CERTS and its like. */
  readonly caPem: string;
  readonly #keys: KeyPair;
  readonly #validity: Validity;
  readonly #issued = new Map<string, Promise<HostCertificate>>();

  private constructor(caPem: string, keys: KeyPair, validity: Validity) {
    this.caPem = caPem;
    this.#keys = keys;
    this.#validity = validity;
  }

  static async create(options: CertificateAuthorityOptions): Promise<CertificateAuthority> {
    const { clock, lifetimeMs = defaultLifetimeMs, domains = playedDomains } = options;
    const now = clock.now();
    const validity = {
      notBefore: new Date(now - backdatedMs),
      notAfter: new Date(now + lifetimeMs),
    };
    const keys = ellipticKeyPair();
    const caPem = await issueCertificate({
      subject: authorityName,
      issuer: authorityName,
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
      extensions: authorityExtensions(keys.publicKey, domains),
      ...validity,
    });
    return new CertificateAuthority(caPem, keys, validity);
  }

  /**
   * The certificate for one host name (lower case, without port), issued on first use.
   *
   * It is valid for as long as the CA itself, whatever the clock says by now: TLS clients check it
   * against the machine's time, which does not follow when a test moves the local cloud's clock.
   */
  certificateFor(host: string): Promise<HostCertificate> {
    const certificate = this.#issued.get(host) ?? this.#issue(host);
    // Inserted anew at the end: the first key is always the one that was not used for longest.
    this.#issued.delete(host);
    this.#issued.set(host, certificate);
    if (this.#issued.size > keptHosts) {
      const [oldest = host] = this.#issued.keys();
      this.#issued.delete(oldest);
    }
    return certificate;
  }

  async #issue(host: string): Promise<HostCertificate> {
    const { publicKey, privateKey } = ellipticKeyPair();
    const cert = await issueCertificate({
      subject: `CN=${shortened(host)}, O=local-cloud`,
      issuer: authorityName,
      publicKey,
      signingKey: this.#keys.privateKey,
      extensions: serverExtensions(host, publicKey, this.#keys.publicKey),
      ...this.#validity,
    });
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }
}

/** A common name has at most 64 characters (RFC 5280, appendix A.1); clients read the SAN anyway. */
function shortened(host: string): string {
  return host.slice(0, 64);
}

function ellipticKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../clock.ts';
import { issueCertificate, keyIdentifier, tokenSignerExtensions } from '../network/x509.ts';

export interface SigningKey {
  /** 40 hexadecimal digits, like Google's. */
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** Self-signed, the form in which `/oauth2/v1/certs` publishes the public key. */
  certificatePem: string;
}

/** The subject of Google's own certificates. */
const ownCommonName = 'federated-signon.system.gserviceaccount.com';
const dayMs = 24 * 3_600_000;
/** Longer than any ID token lives: what a retired key has signed expires before the key goes. */
const retirementMs = dayMs;
const keptRetiredKeys = 5;

/**
 * The RS256 keys of Google's ID tokens. One signs, the next one is published already, and those of the
 * last day remain published: so a rotation finds every cache prepared.
 */
export class SigningKeys {
  readonly #clock: Clock;
  #current: SigningKey;
  #next: Promise<SigningKey>;
  #retired: { key: SigningKey; untilMs: number }[] = [];
  /** One rotation after the other. */
  #rotation: Promise<void> = Promise.resolve();

  private constructor(clock: Clock, current: SigningKey) {
    this.#clock = clock;
    this.#current = current;
    this.#next = inBackground(generateOwnKey(clock));
  }

  /** Resolves as soon as there is one key to sign with; the next one is made in the background. */
  static async create(clock: Clock): Promise<SigningKeys> {
    return new SigningKeys(clock, await generateOwnKey(clock));
  }

  /** The key that signs now. */
  get current(): SigningKey {
    return this.#current;
  }

  /** A key whose signatures count, by its id. */
  find(kid: string): SigningKey | undefined {
    return this.#inUse().find((key) => key.kid === kid);
  }

  /** What the certificate endpoints show: the current key, those before it, and the next one. */
  async published(): Promise<readonly SigningKey[]> {
    await this.#rotation;
    const next = await this.#next;
    return [...this.#inUse(), next];
  }

  /**
   * Signs with another key from now on. Normally with the next one, which was published before, while
   * the old one stays published. `abrupt`: with a key that nobody has seen, and all others are gone at
   * once, as after a theft.
   */
  rotate({ abrupt = false }: { abrupt?: boolean } = {}): Promise<void> {
    this.#rotation = this.#rotation.then(() =>
      abrupt ? this.#replaceEverything() : this.#moveOn(),
    );
    return this.#rotation;
  }

  async #moveOn(): Promise<void> {
    const next = await this.#next;
    const untilMs = this.#clock.now() + retirementMs;
    this.#retired = [{ key: this.#current, untilMs }, ...this.#retired].slice(0, keptRetiredKeys);
    this.#current = next;
    this.#next = inBackground(generateOwnKey(this.#clock));
  }

  async #replaceEverything(): Promise<void> {
    const [current, next] = await Promise.all([
      generateOwnKey(this.#clock),
      generateOwnKey(this.#clock),
    ]);
    this.#retired = [];
    this.#current = current;
    this.#next = Promise.resolve(next);
  }

  #inUse(): SigningKey[] {
    const now = this.#clock.now();
    this.#retired = this.#retired.filter(({ untilMs }) => untilMs > now);
    return [this.#current, ...this.#retired.map(({ key }) => key)];
  }
}

const generateRsaKeyPair = promisify(generateKeyPair);

function generateOwnKey(clock: Clock): Promise<SigningKey> {
  // Google's are valid for about 16 days.
  return generateSigningKey(clock, {
    commonName: ownCommonName,
    notAfterMs: clock.now() + 15 * dayMs,
  });
}

/**
 * A new RSA key of 2048 bits with its self-signed certificate.
 *
 * @param certificate.notAfterMs milliseconds since the Unix epoch
 */
export async function generateSigningKey(
  clock: Clock,
  { commonName, notAfterMs }: { commonName: string; notAfterMs: number },
): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateRsaKeyPair('rsa', { modulusLength: 2048 });
  const subject = `CN=${commonName}`;
  const certificatePem = await issueCertificate({
    subject,
    issuer: subject,
    publicKey,
    signingKey: privateKey,
    notBefore: new Date(clock.now() - dayMs),
    notAfter: new Date(notAfterMs),
    extensions: tokenSignerExtensions(),
  });
  return { kid: keyIdentifier(publicKey), privateKey, publicKey, certificatePem };
}

/** Whoever awaits the key later sees the error; until then it must not count as unhandled. */
function inBackground<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

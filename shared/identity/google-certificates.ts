import { type KeyObject, X509Certificate } from 'node:crypto';
import { dependencyDown, type IdentityError } from './identity-error.ts';

/**
 * Where Google publishes the certificates of its ID token keys, as `{ "<kid>": "<PEM>" }`. Fixed on
 * purpose: nothing that a request or a setting says can point verification at other keys.
 * https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken
 */
const certificatesUrl = 'https://www.googleapis.com/oauth2/v1/certs';

const fetchDeadlineMs = 2_500;
/** After a failed fetch nobody asks again for this long, so that an outage is not made worse. */
const pauseAfterFailureMs = 1_000;
/** A key id that we do not know may be a rotated key or a made-up one: ask at most this often. */
const pauseBetweenUnknownKeysMs = 5_000;
/** How long a document serves if Google gives no max-age, and the bounds of what it may ask for. */
const maxAgeSeconds = { default: 3_600, least: 60, most: 86_400 };
/** How long the last good certificates are trusted beyond their time while Google is unreachable. */
const graceMs = 24 * 3_600_000;
/** The document holds two or three certificates of about 1 KiB. */
const largestDocument = 65_536;
const smallestKeyBits = 2_048;

/** The public keys of the certificates by key id: read once per document, not once per token. */
export type KeysById = Readonly<Record<string, KeyObject>>;

interface Document {
  keys: KeysById;
  /** When the fetch of this document began; milliseconds since the epoch, as all times here. */
  askedAt: number;
  refreshAt: number;
  expiresAt: number;
}

/**
 * Google's certificates, kept at hand: one fetch at a time however many requests wait, refreshed
 * before they expire while the old ones serve, fetched again for an unknown key id (seldom enough
 * that strangers cannot turn us against Google), and kept while Google is unreachable. A document
 * replaces the last good one only if every certificate in it parses.
 */
export class GoogleCertificates {
  readonly #fetch: typeof fetch;
  readonly #now: () => number;
  #document: Document | undefined;
  #inFlight: Promise<void> | undefined;
  #failure: { error: IdentityError; at: number } | undefined;
  #unknownKeyAskedAt = Number.NEGATIVE_INFINITY;

  constructor(options: { fetch?: typeof fetch; now?: () => number } = {}) {
    this.#fetch = options.fetch ?? ((...request) => fetch(...request));
    this.#now = options.now ?? Date.now;
  }

  /**
   * The keys to check a token with whose header names `keyId`. If the result lacks
   * `keyId`, Google does not publish such a key.
   *
   * @throws {IdentityError} `certificates_unavailable` (503) when that cannot be told: no
   *   certificates yet, or an unknown key while Google cannot be asked.
   */
  async forKey(keyId: string): Promise<KeysById> {
    const now = this.#now();
    const document = await this.#usableDocument(now);
    if (Object.hasOwn(document.keys, keyId)) return document.keys;
    // A document that was asked for after this request came in is news enough.
    if (document.askedAt >= now) return document.keys;
    const mayAsk = now - this.#unknownKeyAskedAt >= pauseBetweenUnknownKeysMs;
    // While Google cannot be reached nobody knows whether the key is a new one: that is an outage.
    if (!mayAsk && !this.#inFlight && !this.#failure) return document.keys;
    if (mayAsk) this.#unknownKeyAskedAt = now;
    return (await this.#refresh()).keys;
  }

  /** Fetches ahead of the first request. Never throws: the first request tries again and reports. */
  async warmUp(): Promise<void> {
    await this.#refresh().catch(() => undefined);
  }

  async #usableDocument(now: number): Promise<Document> {
    const document = this.#document;
    if (!document || now >= document.expiresAt + graceMs) return await this.#refresh();
    if (now < document.refreshAt) return document;
    const refreshed = this.#refresh().catch(() => document);
    // Before it expires nobody waits for the next one, nor while Google is known to be unreachable.
    return now >= document.expiresAt && !this.#failure ? await refreshed : document;
  }

  /** Joins the fetch under way or starts one. */
  async #refresh(): Promise<Document> {
    if (!this.#inFlight) {
      const failure = this.#failure;
      if (failure && this.#now() - failure.at < pauseAfterFailureMs) throw failure.error;
      this.#inFlight = this.#replaceDocument().finally(() => {
        this.#inFlight = undefined;
      });
    }
    await this.#inFlight;
    if (!this.#document) throw unavailable('no certificates');
    return this.#document;
  }

  async #replaceDocument(): Promise<void> {
    const askedAt = this.#now();
    try {
      const response = await this.#fetch(certificatesUrl, {
        redirect: 'error',
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(fetchDeadlineMs),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error(`Google's certificate endpoint answered ${response.status}`);
      }
      const keys = parseCertificates(await readText(response));
      const lifetimeMs = secondsToLive(response.headers) * 1_000;
      const expiresAt = askedAt + lifetimeMs;
      this.#document = { keys, askedAt, refreshAt: askedAt + lifetimeMs * 0.75, expiresAt };
      this.#failure = undefined;
    } catch (cause) {
      this.#failure = { error: unavailable(cause), at: this.#now() };
      throw this.#failure.error;
    }
  }
}

function unavailable(cause: unknown): IdentityError {
  return dependencyDown(
    'certificates_unavailable',
    "Google's token certificates cannot be fetched at the moment, so the token could not be checked. Try again.",
    cause,
  );
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largestDocument) throw new Error('the certificate document is too large');
  }
  return text + decoder.decode();
}

/**
 * Checks a whole certificate document: one that is empty or holds anything but RSA certificates must not
 * push out good ones.
 */
function parseCertificates(text: string): KeysById {
  const document: unknown = JSON.parse(text);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new Error('the certificate document is not a JSON object');
  }
  const entries = Object.entries(document);
  if (entries.length === 0) throw new Error('the certificate document is empty');
  const keys = entries.map(([keyId, pem]) => {
    const { publicKey } = new X509Certificate(String(pem));
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
    if (publicKey.asymmetricKeyType !== 'rsa' || bits < smallestKeyBits) {
      throw new Error(`the certificate of key ${keyId} is not RSA with at least 2048 bits`);
    }
    return [keyId, publicKey] as const;
  });
  return Object.fromEntries(keys);
}

/** Freshness left on arrival: `max-age` less `Age`, RFC 9111 section 4.2. */
function secondsToLive(headers: Headers): number {
  const maxAge = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(headers.get('cache-control') ?? '')?.[1];
  if (maxAge === undefined) return maxAgeSeconds.default;
  const age = /^\d{1,9}$/.exec(headers.get('age') ?? '')?.[0] ?? '0';
  const left = Number(maxAge) - Number(age);
  return Math.min(Math.max(left, maxAgeSeconds.least), maxAgeSeconds.most);
}

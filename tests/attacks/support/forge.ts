import type { KeyObject } from 'node:crypto';
import { generateStrangerKeys, rsa, type Signer, type StrangerKeys } from './signers.ts';

/** What Google has, and what a forger can only wish for: tokens that are odd but truly signed. */
export interface GoogleKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  certificatePem: string;
}

/** A member with the value `undefined` is left out. */
export type Members = Record<string, unknown>;

/** What a good token for the receiver says. */
export interface Truth {
  audience: string;
  email: string;
  subject: string;
}

/**
 * Makes JSON Web Tokens bit by bit (RFC 7515 section 3.1), good ones and all kinds of others, with
 * node:crypto only. Unless told otherwise a token is one that Google could have made: each attack
 * changes the one thing that it is about, so that nothing else is the reason for its refusal.
 */
export class Forge {
  readonly google: GoogleKey;
  readonly stranger: StrangerKeys = generateStrangerKeys();
  readonly truth: Truth;
  /** Where every URL in a token points: `http://127.0.0.1:port`. */
  readonly canaryUrl: string;

  constructor(options: { google: GoogleKey; truth: Truth; canaryUrl: string }) {
    this.google = options.google;
    this.truth = options.truth;
    this.canaryUrl = options.canaryUrl;
  }

  /** Signs as Google does. */
  get googleSigner(): Signer {
    return rsa(this.google.privateKey);
  }

  /** Whole seconds since the epoch. */
  get now(): number {
    return Math.floor(Date.now() / 1_000);
  }

  header(changes: Members = {}): Members {
    return { alg: 'RS256', kid: this.google.kid, typ: 'JWT', ...changes };
  }

  claims(changes: Members = {}): Members {
    const { audience, email, subject } = this.truth;
    return {
      aud: audience,
      azp: subject,
      email,
      email_verified: true,
      // A little ago: the front door allows for no skew.
      iat: this.now - 5,
      exp: this.now + 3_595,
      iss: 'https://accounts.google.com',
      sub: subject,
      ...changes,
    };
  }

  /** A token whose header and claims differ from a good one's as given. */
  token(changes: { header?: Members; claims?: Members; signer?: Signer } = {}): string {
    const { header, claims, signer } = changes;
    return this.spelled(
      JSON.stringify(this.header(header)),
      JSON.stringify(this.claims(claims)),
      signer,
    );
  }

  /** A token of exactly these texts or bytes, by default truly signed. */
  spelled(
    header: string | Buffer = JSON.stringify(this.header()),
    claims: string | Buffer = JSON.stringify(this.claims()),
    signer: Signer = this.googleSigner,
  ): string {
    const input = `${base64url(header)}.${base64url(claims)}`;
    return `${input}.${base64url(signer(input))}`;
  }

  /** A truly signed token of parts that are encoded already, in whatever way. */
  encoded(header: string, claims: string): string {
    const input = `${header}.${claims}`;
    return `${input}.${base64url(this.googleSigner(input))}`;
  }

  /** The JSON text of good claims with one member's value written exactly as given. */
  claimsWith(name: string, json: string): string {
    const others = JSON.stringify(this.claims({ [name]: undefined }));
    return `${others.slice(0, -1)},${JSON.stringify(name)}:${json}}`;
  }

  /** The same for the header. */
  headerWith(name: string, json: string): string {
    const others = JSON.stringify(this.header({ [name]: undefined }));
    return `${others.slice(0, -1)},${JSON.stringify(name)}:${json}}`;
  }
}

export function base64url(value: string | Buffer): string {
  return Buffer.from(value as string).toString('base64url');
}

/** The three parts of a good token, to be put together wrongly. */
export function partsOf(token: string): [header: string, claims: string, signature: string] {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return [header, claims, signature];
}

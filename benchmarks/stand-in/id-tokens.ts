import { sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningKey } from '../../local-cloud/tokens/signing-keys.ts';

const signInBackground = promisify(sign);

/**
 * ID tokens as Google's, really signed. One is made for each account and audience and given again until
 * three quarters of its life are over, as Google's metadata server does: signing must not be what is measured.
 */
export class IdTokens {
  readonly #key: SigningKey;
  readonly #kept = new Map<string, { token: Promise<string>; renewAt: number }>();

  constructor(key: SigningKey) {
    this.#key = key;
  }

  token(email: string, audience: string, lifetimeSeconds: number): Promise<string> {
    const name = JSON.stringify([email, audience, lifetimeSeconds]);
    const now = Date.now();
    let kept = this.#kept.get(name);
    if (!kept || now >= kept.renewAt) {
      const token = this.#sign({ email, audience, lifetimeSeconds, subject: '1' });
      kept = { token, renewAt: wholeSeconds(now) * 1_000 + lifetimeSeconds * 750 };
      this.#kept.set(name, kept);
    }
    return kept.token;
  }

  /** As many tokens of one account, no two alike, as if that many instances had fetched theirs. */
  distinct(email: string, audience: string, count: number): Promise<string[]> {
    return Promise.all(
      Array.from({ length: count }, (_, index) =>
        this.#sign({ email, audience, lifetimeSeconds: 3_600, subject: String(index + 1) }),
      ),
    );
  }

  async #sign(options: {
    email: string;
    audience: string;
    lifetimeSeconds: number;
    subject: string;
  }): Promise<string> {
    const { email, audience, lifetimeSeconds, subject } = options;
    const { kid, privateKey } = this.#key;
    const iat = wholeSeconds(Date.now());
    const claims = {
      aud: audience,
      azp: subject,
      email,
      email_verified: true,
      exp: iat + lifetimeSeconds,
      iat,
      iss: 'https://accounts.google.com',
      sub: subject,
    };
    const header = { alg: 'RS256', kid, typ: 'JWT' };
    const unsigned = [header, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = await signInBackground('sha256', Buffer.from(unsigned), privateKey);
    return `${unsigned}.${signature.toString('base64url')}`;
  }
}

function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}

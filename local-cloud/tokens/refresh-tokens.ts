import { randomBytes } from 'node:crypto';
import { type Account, accountOf } from './account.ts';

/** The long-lived credentials of people: what `gcloud auth login` leaves on a machine. */
export class RefreshTokens {
  readonly #accounts = new Map<string, Account>();

  /** A new token for a person, valid until it is revoked or the local cloud ends. */
  issue(email: string): string {
    const token = `1//${randomBytes(72).toString('base64url')}`;
    this.#accounts.set(token, accountOf(email));
    return token;
  }

  accountOf(token: string): Account | undefined {
    return this.#accounts.get(token);
  }

  /** `false` if it is unknown. */
  revoke(token: string): boolean {
    return this.#accounts.delete(token);
  }
}

/**
 * The content of an `authorized_user` credentials file, which Google's libraries accept as Application
 * Default Credentials: https://google.aip.dev/auth/4113
 */
export function authorizedUserFile(refreshToken: string): string {
  const credentials = {
    type: 'authorized_user',
    client_id: 'local-cloud.apps.googleusercontent.com',
    client_secret: 'local-cloud-has-no-secret',
    refresh_token: refreshToken,
    universe_domain: 'googleapis.com',
  };
  return `${JSON.stringify(credentials, null, 2)}\n`;
}

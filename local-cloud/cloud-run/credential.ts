import type { InboundRequest } from './inbound-request.ts';

/** The header that a token was taken from. */
export type CredentialHeader = 'authorization' | 'x-serverless-authorization';

/** What a request shows as its credential. A `reason` never contains any of the token. */
export type Credential =
  | { kind: 'none' }
  | { kind: 'unusable'; header: CredentialHeader; reason: string }
  | { kind: 'token'; header: CredentialHeader; token: string };

/**
 * Picks the one token that the front door checks: that of `X-Serverless-Authorization` if there is
 * such a header, else that of `Authorization`.
 * https://cloud.google.com/run/docs/authenticating/service-to-service
 */
export function credentialOf({ headers }: Pick<InboundRequest, 'headers'>): Credential {
  const authorization = headers.authorization ?? [];
  // https://cloud.google.com/run/docs/troubleshooting#unauthorized-client
  if (authorization.length > 1) return unusable('authorization', 'was sent several times');
  const serverless = headers['x-serverless-authorization'] ?? [];
  if (serverless.length > 0) return read('x-serverless-authorization', serverless);
  if (authorization.length > 0) return read('authorization', authorization);
  return { kind: 'none' };
}

function read(header: CredentialHeader, values: readonly string[]): Credential {
  const [value = '', ...more] = values;
  if (more.length > 0) return unusable(header, 'was sent several times');
  // RFC 9110, section 11.1: the name of the scheme is case-insensitive.
  const [, scheme = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'bearer') return unusable(header, 'does not use the Bearer scheme');
  if (rest === '') return unusable(header, 'has no token after Bearer');
  if (/[\s,]/.test(rest)) return unusable(header, 'holds more than one token');
  if (rest.split('.', 4).length !== 3) {
    return unusable(
      header,
      'does not hold an ID token but something else, perhaps an access token: Cloud Run wants an ID token made for the URL of the service',
    );
  }
  return { kind: 'token', header, token: rest };
}

function unusable(header: CredentialHeader, what: string): Credential {
  return { kind: 'unusable', header, reason: `the ${displayName(header)} header ${what}` };
}

/** The header's name as people write it. */
export function displayName(header: CredentialHeader): string {
  return header === 'authorization' ? 'Authorization' : 'X-Serverless-Authorization';
}

import type { Metadata } from '@grpc/grpc-js';
import type { Principal } from '../../iam/access.ts';
import type { AccessTokenLookup } from '../../tokens/tokens.ts';
import { PubsubError } from '../pubsub-error.ts';

/** One token of RFC 6750's characters: a list of several does not match. */
const bearerPattern = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** The principal of the call's access token. Throws UNAUTHENTICATED, whatever is wrong with it. */
export function authenticate(metadata: Metadata, tokens: AccessTokenLookup): Principal {
  const [header, ...others] = metadata.get('authorization');
  const token = others.length === 0 ? bearerPattern.exec(String(header))?.[1] : undefined;
  const principal = token === undefined ? undefined : tokens.principalOf(token);
  if (principal !== undefined) return principal;
  throw new PubsubError(
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
  );
}

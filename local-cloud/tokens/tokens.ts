import type { Principal } from '../iam/access.ts';

/** Resolves the opaque OAuth 2.0 access tokens of the local cloud. */
export interface AccessTokenLookup {
  /** The principal that a bearer token stands for; `undefined` if it is unknown or has expired. */
  principalOf(token: string): Principal | undefined;
}

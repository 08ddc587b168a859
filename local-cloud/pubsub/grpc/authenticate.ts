import type { Metadata } from '@grpc/grpc-js';
import type { TokenHolder } from '../../tokens/access-tokens.ts';
import type { CallContext } from './call-context.ts';

/** The principal of a call's access token. Throws UNAUTHENTICATED, whatever is wrong with it. */
export function authenticate(
  metadata: Metadata,
  method: string,
  context: Pick<CallContext, 'authenticate'>,
): TokenHolder {
  const authorization = metadata.get('authorization').map(String);
  return context.authenticate(authorization, { service: 'pubsub.googleapis.com', method });
}

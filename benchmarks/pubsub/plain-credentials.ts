import { type ChannelCredentials, credentials, Metadata } from '@grpc/grpc-js';

/**
 * Sends a token with each call on a connection without TLS, which grpc-js refuses to do otherwise: both ends
 * of this one are processes of the benchmark.
 */
export function plainWithToken(token: string): ChannelCredentials {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const call = credentials.createFromMetadataGenerator((_, done) => done(null, metadata));
  const plain = credentials.createInsecure();
  const connectorOf = plain._createSecureConnector.bind(plain);
  plain._createSecureConnector = (target, options) => connectorOf(target, options, call);
  return plain;
}

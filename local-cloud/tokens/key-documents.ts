import type { SigningKey } from './signing-keys.ts';

/** What anybody may know of a key. */
export type PublishedKey = Pick<SigningKey, 'kid' | 'publicKey' | 'certificatePem'>;

/** The two forms in which Google publishes keys. */
export const keyDocuments = {
  x509: (keys: readonly PublishedKey[]): object =>
    Object.fromEntries(keys.map(({ kid, certificatePem }) => [kid, certificatePem])),
  /** RFC 7517, section 5. */
  jwk: (keys: readonly PublishedKey[]): object => ({
    keys: keys.map(({ kid, publicKey }) => {
      const { n, e, kty } = publicKey.export({ format: 'jwk' });
      return { alg: 'RS256', use: 'sig', kid, n, e, kty };
    }),
  }),
} as const;

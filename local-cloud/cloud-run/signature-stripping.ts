import { gcloudClientId } from '../tokens/id-tokens.ts';
import type { IdTokenClaims } from './authenticate.ts';
import type { ContainerHeaders } from './container-headers.ts';
import type { CredentialHeader } from './credential.ts';
import { removedSignature } from './removed-signature.ts';

/**
 * Whose signature the container does not get to see. `google`: what Cloud Run is seen to do.
 * `always`: whichever token was checked, for those who do not want to depend on what was seen.
 */
export type StripMode = 'google' | 'always';

/** A token that let its request in. */
export interface CheckedToken {
  header: CredentialHeader;
  token: string;
  claims: IdTokenClaims;
}

/**
 * The headers as the container receives them:
 * - `X-Serverless-Authorization`: always without the signature, the scheme in lower case [D/O];
 * - `Authorization`: without it if it was the checked one and a person made the token with gcloud
 *   [D], else exactly as it was sent [O].
 */
export function stripSignatures(
  headers: ContainerHeaders,
  checked: CheckedToken | undefined,
  mode: StripMode,
): ContainerHeaders {
  const { 'x-serverless-authorization': serverless, ...kept } = headers;
  if (serverless !== undefined) {
    const [, token] = /^\s*bearer\s+([^\s,]+)\s*$/i.exec(String(serverless)) ?? [];
    // What is no token is dropped: there is no telling which part of it is secret.
    if (token?.includes('.'))
      kept['x-serverless-authorization'] = `bearer ${withoutSignature(token)}`;
  }
  const isCheckedHere = checked?.header === 'authorization';
  if (isCheckedHere && (mode === 'always' || checked.claims.aud === gcloudClientId)) {
    kept.authorization = `Bearer ${withoutSignature(checked.token)}`;
  }
  return kept;
}

function withoutSignature(token: string): string {
  return `${token.slice(0, token.lastIndexOf('.'))}.${removedSignature}`;
}

import type { RestMethod } from '../rest/rest-api.ts';
import { generateAccessToken } from './generate-access-token.ts';
import { generateIdToken } from './generate-id-token.ts';
import { getAllowedLocations } from './get-allowed-locations.ts';
import { signBlob } from './sign-blob.ts';
import { signJwt } from './sign-jwt.ts';
import type { CredentialServices } from './target-account.ts';

/** `iamcredentials.googleapis.com`: https://cloud.google.com/iam/docs/reference/credentials/rest */
export function iamCredentialsMethods(services: CredentialServices): RestMethod[] {
  return [
    generateAccessToken(services),
    generateIdToken(services),
    signJwt(services),
    signBlob(services),
    getAllowedLocations(),
  ];
}

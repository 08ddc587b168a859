import type { Clock } from '../../clock.ts';
import type { ServiceAccountKeys } from '../../iam/service-account-keys.ts';
import type { ServiceAccounts } from '../../iam/service-accounts.ts';
import type { AccessTokens } from '../access-tokens.ts';
import type { IdTokens } from '../id-tokens.ts';
import type { RefreshTokens } from '../refresh-tokens.ts';
import type { IdTokenVerdict } from '../verify-id-token.ts';

/** What the operations of `oauth2.googleapis.com` are made of; each declares which of it. */
export interface OAuth2Services {
  refreshTokens: RefreshTokens;
  accessTokens: AccessTokens;
  idTokens: IdTokens;
  verifyIdToken(token: string): Promise<IdTokenVerdict>;
  accounts: ServiceAccounts;
  accountKeys: ServiceAccountKeys;
  clock: Clock;
}

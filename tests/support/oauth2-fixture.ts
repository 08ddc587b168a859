import { PolicyStore } from '../../local-cloud/iam/policy-store.ts';
import { ServiceAccountKeys } from '../../local-cloud/iam/service-account-keys.ts';
import { ServiceAccounts } from '../../local-cloud/iam/service-accounts.ts';
import { AccessTokens } from '../../local-cloud/tokens/access-tokens.ts';
import { IdTokens } from '../../local-cloud/tokens/id-tokens.ts';
import { createOAuth2Endpoint } from '../../local-cloud/tokens/oauth2/oauth2-endpoint.ts';
import { RefreshTokens } from '../../local-cloud/tokens/refresh-tokens.ts';
import { SigningKeys } from '../../local-cloud/tokens/signing-keys.ts';
import { verifyIdToken } from '../../local-cloud/tokens/verify-id-token.ts';
import { serve } from './network.ts';
import { standingClock } from './standing-clock.ts';

/** `oauth2.googleapis.com` with the service account `caller`, while the clock stands still. */
export async function oauth2Fixture() {
  const clock = standingClock();
  const keys = await SigningKeys.create(clock);
  const accounts = new ServiceAccounts({ clock, policies: new PolicyStore({ clock }) });
  const services = {
    clock,
    accounts,
    accountKeys: new ServiceAccountKeys(clock),
    accessTokens: new AccessTokens(clock),
    refreshTokens: new RefreshTokens(),
    idTokens: new IdTokens({ keys, clock }),
    verifyIdToken: (token: string) => verifyIdToken(token, { keys, clock }),
  };
  const notices: string[] = [];
  const notify = (sentence: string) => void notices.push(sentence);
  /** Serves it for the running test. */
  const start = () => serve(createOAuth2Endpoint({ ...services, notify }));
  return {
    ...services,
    notices,
    start,
    caller: accounts.seed('demo-project', 'caller@demo-project.iam.gserviceaccount.com'),
    async post(path: string, form: Record<string, string>) {
      const body = new URLSearchParams(form);
      const response = await fetch((await start()) + path, { method: 'POST', body });
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as Record<string, string>,
      };
    },
  };
}

import { decodeProtectedHeader } from 'jose';
import { canAct } from '../../iam/service-accounts.ts';
import { accountOf } from '../account.ts';
import { gcloudClientId } from '../id-tokens.ts';
import { OAuthError } from './oauth-error.ts';
import type { OAuth2Services } from './oauth2-services.ts';
import { secondsLeft } from './seconds-left.ts';

type Services = Pick<OAuth2Services, 'accessTokens' | 'verifyIdToken' | 'accounts' | 'clock'>;

/** With these scopes a token tells the e-mail address of its account. */
const emailScopes = ['https://www.googleapis.com/auth/userinfo.email', 'email'];

/**
 * What is in a token: https://cloud.google.com/docs/authentication/token-types#access
 *
 * @throws {OAuthError} invalid_token if it does not count
 */
export async function tokenInfo(parameters: URLSearchParams, services: Services): Promise<object> {
  const accessToken = parameters.get('access_token');
  const idToken = parameters.get('id_token');
  if (accessToken) return accessTokenInfo(accessToken, services);
  if (idToken) return await idTokenInfo(idToken, services);
  throw new OAuthError(
    'invalid_request',
    'either access_token, id_token, or token_handle required',
  );
}

/** Google's are all texts, numbers too. */
function accessTokenInfo(token: string, { accessTokens, accounts, clock }: Services): object {
  const details = accessTokens.details(token);
  if (!details || !canAct(accounts.stateOf(details.principal, details.uniqueId))) {
    throw invalidToken();
  }
  const { principal, scopes, expiresAtMs } = details;
  const email = principal.slice(principal.indexOf(':') + 1);
  const { uniqueId: subject } = accountOf(email);
  const isUser = principal.startsWith('user:');
  const { uniqueId = subject } = details;
  const client = isUser ? gcloudClientId : uniqueId;
  const showsEmail = scopes.some((scope) => emailScopes.includes(scope));
  return {
    azp: client,
    aud: client,
    ...((showsEmail || scopes.includes('openid')) && { sub: uniqueId }),
    scope: scopes.join(' '),
    exp: String(Math.floor(expiresAtMs / 1000)),
    expires_in: String(secondsLeft(expiresAtMs, clock)),
    ...(showsEmail && { email, email_verified: 'true' }),
    access_type: isUser ? 'offline' : 'online',
  };
}

async function idTokenInfo(token: string, { verifyIdToken, accounts }: Services): Promise<object> {
  const verdict = await verifyIdToken(token);
  if (!verdict.ok) throw invalidToken();
  const { claims } = verdict;
  const account = accounts.byUniqueId(claims.sub);
  if (account && !canAct(accounts.stateOf(`serviceAccount:${account.email}`, account.uniqueId))) {
    throw invalidToken();
  }
  const texts = Object.entries({ ...claims, ...decodeProtectedHeader(token) });
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
}

const invalidToken = () => new OAuthError('invalid_token', 'Invalid Value');

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { sendGoogleError, sendNotImplemented } from '../network/google-error.ts';
import type { HttpHandler } from '../network/host-router.ts';
import { noFault, type RequestHook } from '../network/request-hook.ts';
import { type AccessTokens, cloudPlatformScope } from './access-tokens.ts';
import type { IdTokens } from './id-tokens.ts';
import type { RefreshTokens } from './refresh-tokens.ts';

export interface OAuth2EndpointOptions {
  refreshTokens: RefreshTokens;
  accessTokens: AccessTokens;
  idTokens: IdTokens;
  clock: Clock;
  /** Runs before a token request is answered. */
  before?: RequestHook;
}

/** What `gcloud auth login` asks for, as far as it matters here. */
const defaultScope = `openid https://www.googleapis.com/auth/userinfo.email ${cloudPlatformScope}`;
const longestBody = 64 * 1024;

/**
 * `oauth2.googleapis.com`: `POST /token` exchanges a person's refresh token for an access token and an ID
 * token (RFC 6749, section 6), as gcloud and the authorized_user credentials of all libraries do.
 */
export function createOAuth2Endpoint(options: OAuth2EndpointOptions): HttpHandler {
  const { before = noFault } = options;
  return async (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    if (path !== '/token') {
      sendNotImplemented(request, response);
    } else if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      const message = `${request.method} is not allowed for ${path}.`;
      sendGoogleError(response, { code: 405, status: 'INVALID_ARGUMENT', message });
    } else if (!(await before(request, response))) {
      await answerTokenRequest(request, response, options);
    }
  };
}

async function answerTokenRequest(
  request: IncomingMessage,
  response: ServerResponse,
  services: OAuth2EndpointOptions,
): Promise<void> {
  const form = await readForm(request);
  const grantType = form?.get('grant_type') ?? '';
  if (form === undefined) {
    sendOAuthError(response, 'invalid_request', 'The request body is too large.');
  } else if (grantType === '') {
    sendOAuthError(response, 'invalid_request', 'Missing required parameter: grant_type');
  } else if (grantType !== 'refresh_token') {
    sendOAuthError(response, 'unsupported_grant_type', `Not in the local cloud: ${grantType}`);
  } else {
    await answerRefresh(form, response, services);
  }
}

async function answerRefresh(
  form: URLSearchParams,
  response: ServerResponse,
  { refreshTokens, accessTokens, idTokens, clock }: OAuth2EndpointOptions,
): Promise<void> {
  const refreshToken = form.get('refresh_token');
  if (!refreshToken) {
    sendOAuthError(response, 'invalid_request', 'Missing required parameter: refresh_token');
    return;
  }
  const account = refreshTokens.accountOf(refreshToken);
  if (!account) {
    sendOAuthError(response, 'invalid_grant', 'Bad Request');
    return;
  }
  const scope = form.get('scope') ?? defaultScope;
  const { token, expiresAtMs } = accessTokens.issue(`user:${account.email}`, {
    scopes: scope.split(' '),
  });
  sendJson(response, 200, {
    access_token: token,
    // As Google's servers count it: what is left when the answer arrives.
    expires_in: Math.ceil((expiresAtMs - clock.now()) / 1000) - 1,
    scope,
    token_type: 'Bearer',
    id_token: await idTokens.forUser(account, token),
  });
}

/** `undefined` if the body is too large to be a token request. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** RFC 6749, section 5.2. */
function sendOAuthError(response: ServerResponse, error: string, description: string): void {
  sendJson(response, 400, { error, error_description: description });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    // RFC 6749, section 5.1.
    'cache-control': 'no-store',
    pragma: 'no-cache',
  });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendGoogleError, sendNotImplemented } from '../../network/google-error.ts';
import type { HttpHandler } from '../../network/host-router.ts';
import { noFault, type RequestHook } from '../../network/request-hook.ts';
import type { Notify } from '../../rest/rest-api.ts';
import { jwtBearerGrant } from './jwt-bearer-grant.ts';
import { OAuthError, requireParameter } from './oauth-error.ts';
import type { OAuth2Services } from './oauth2-services.ts';
import { refreshGrant } from './refresh-grant.ts';
import { revoke } from './revoke.ts';
import { tokenInfo } from './token-info.ts';

export interface OAuth2EndpointOptions extends OAuth2Services {
  /** Told what was asked for and is not there. */
  notify: Notify;
  /** Runs before a request is answered. */
  before?: RequestHook;
}

/** Answers the JSON for a request; throws {@link OAuthError}. */
type Operation = (
  parameters: URLSearchParams,
  services: OAuth2Services,
) => object | Promise<object>;

const longestBody = 64 * 1024;

const operations = new Map<string, { verbs: readonly string[]; operation: Operation }>([
  ['/token', { verbs: ['POST'], operation: grantToken }],
  ['/tokeninfo', { verbs: ['GET', 'POST'], operation: tokenInfo }],
  ['/revoke', { verbs: ['POST'], operation: revoke }],
]);

const grants = new Map<string, Operation>([
  ['refresh_token', refreshGrant],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', jwtBearerGrant],
]);

/** `oauth2.googleapis.com`: https://developers.google.com/identity/protocols/oauth2 */
export function createOAuth2Endpoint(options: OAuth2EndpointOptions): HttpHandler {
  const { notify, before = noFault } = options;
  return async (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const { verbs = [], operation } = operations.get(path) ?? {};
    if (operation === undefined) {
      sendNotImplemented(request, response, notify);
    } else if (!verbs.includes(request.method ?? '')) {
      response.setHeader('allow', verbs.join(', '));
      const message = `${request.method} is not allowed for ${path}.`;
      sendGoogleError(response, { code: 405, status: 'INVALID_ARGUMENT', message });
    } else if (!(await before(request, response))) {
      await answer(operation, request, response, options);
    }
  };
}

async function answer(
  operation: Operation,
  request: IncomingMessage,
  response: ServerResponse,
  services: OAuth2Services,
): Promise<void> {
  try {
    sendJson(response, 200, await operation(await readParameters(request), services));
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const { status, message } = error;
    sendJson(response, status, { error: error.error, error_description: message });
  }
}

function grantToken(parameters: URLSearchParams, services: OAuth2Services) {
  const grantType = requireParameter(parameters, 'grant_type');
  const grant = grants.get(grantType);
  if (grant) return grant(parameters, services);
  throw new OAuthError('unsupported_grant_type', `Not in the local cloud: ${grantType}`);
}

/** Those of the query, then those of the form in the body. */
async function readParameters(request: IncomingMessage): Promise<URLSearchParams> {
  const [, query = ''] = (request.url ?? '').split('?', 2);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) {
      throw new OAuthError('invalid_request', 'The request body is too large.');
    }
    chunks.push(chunk);
  }
  return new URLSearchParams(`${query}&${Buffer.concat(chunks)}`);
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

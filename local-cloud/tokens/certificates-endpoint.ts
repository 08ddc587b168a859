import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { sendGoogleError, sendNotImplemented } from '../network/google-error.ts';
import type { HttpHandler } from '../network/host-router.ts';
import { noFault, type RequestHook } from '../network/request-hook.ts';
import type { Notify } from '../rest/rest-api.ts';
import type { AccountCertificates } from './account-certificates.ts';
import { keyDocuments, type PublishedKey } from './key-documents.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface CertificatesEndpointOptions {
  keys: SigningKeys;
  /** The keys of service accounts, by path. */
  ofAccounts?: AccountCertificates;
  clock: Clock;
  /** How long clients may keep the answer; about what Google says by default. */
  maxAgeSeconds?: number;
  /** Told what was asked for and is not there. */
  notify?: Notify;
  /** Runs before the keys are served. */
  before?: RequestHook;
}

export interface CertificatesEndpoint {
  /** For the host `www.googleapis.com`. */
  handle: HttpHandler;
  /** How often the keys of ID tokens were asked for, in either form, whatever came of it. */
  readonly fetches: number;
}

const documents = new Map<string, (keys: readonly PublishedKey[]) => object>([
  ['/oauth2/v1/certs', keyDocuments.x509],
  ['/oauth2/v3/certs', keyDocuments.jwk],
]);

/**
 * Publishes the keys of Google's ID tokens, and those of service accounts, the way `www.googleapis.com`
 * does, for GET and HEAD.
 */
export function createCertificatesEndpoint(
  options: CertificatesEndpointOptions,
): CertificatesEndpoint {
  const { keys, ofAccounts, clock, maxAgeSeconds = 20_000, notify, before = noFault } = options;
  let fetches = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const ofIdTokens = documents.get(path);
    const findDocument = ofIdTokens
      ? async () => ofIdTokens(await keys.published())
      : ofAccounts?.(path);
    if (!findDocument) {
      sendNotImplemented(request, response, notify);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      const message = `${request.method} is not allowed for ${path}.`;
      sendGoogleError(response, { code: 405, status: 'INVALID_ARGUMENT', message });
      return;
    }
    if (ofIdTokens) fetches += 1;
    if (await before(request, response)) return;
    const document = await findDocument();
    if (!document) {
      const message = 'There is no service account of that name.';
      sendGoogleError(response, { code: 404, status: 'NOT_FOUND', message });
      return;
    }
    const now = clock.now();
    const body = `${JSON.stringify(document, null, 2)}\n`;
    // Unless an injected fault has put something else there.
    if (!response.hasHeader('cache-control')) {
      const caching = `public, max-age=${maxAgeSeconds}, must-revalidate, no-transform`;
      response.setHeader('cache-control', caching);
    }
    response.writeHead(200, {
      'content-type': 'application/json; charset=UTF-8',
      'content-length': Buffer.byteLength(body),
      date: new Date(now).toUTCString(),
      expires: new Date(now + maxAgeSeconds * 1000).toUTCString(),
    });
    response.end(body);
  }

  return {
    handle,
    get fetches() {
      return fetches;
    },
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { sendGoogleError, sendNotImplemented } from '../network/google-error.ts';
import type { HttpHandler } from '../network/host-router.ts';
import { noFault, type RequestHook } from '../network/request-hook.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

export interface CertificatesEndpointOptions {
  keys: SigningKeys;
  clock: Clock;
  /** How long clients may keep the answer; about what Google says by default. */
  maxAgeSeconds?: number;
  /** Runs before the keys are served. */
  before?: RequestHook;
}

export interface CertificatesEndpoint {
  /** For the host `www.googleapis.com`. */
  handle: HttpHandler;
  /** How often the keys were asked for, in either form, whatever came of it. */
  readonly fetches: number;
}

const documents = new Map<string, (keys: readonly SigningKey[]) => object>([
  ['/oauth2/v1/certs', pemByKeyId],
  ['/oauth2/v3/certs', jsonWebKeySet],
]);

/** Publishes the keys of Google's ID tokens the way `www.googleapis.com` does, for GET and HEAD. */
export function createCertificatesEndpoint(
  options: CertificatesEndpointOptions,
): CertificatesEndpoint {
  const { keys, clock, maxAgeSeconds = 20_000, before = noFault } = options;
  let fetches = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const toDocument = documents.get(path);
    if (!toDocument) {
      sendNotImplemented(request, response);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      const message = `${request.method} is not allowed for ${path}.`;
      sendGoogleError(response, { code: 405, status: 'INVALID_ARGUMENT', message });
      return;
    }
    fetches += 1;
    if (await before(request, response)) return;
    const now = clock.now();
    const body = `${JSON.stringify(toDocument(await keys.published()), null, 2)}\n`;
    response.writeHead(200, {
      'content-type': 'application/json; charset=UTF-8',
      'content-length': Buffer.byteLength(body),
      'cache-control': `public, max-age=${maxAgeSeconds}, must-revalidate, no-transform`,
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

function pemByKeyId(keys: readonly SigningKey[]): object {
  return Object.fromEntries(keys.map(({ kid, certificatePem }) => [kid, certificatePem]));
}

/** RFC 7517, section 5. */
function jsonWebKeySet(keys: readonly SigningKey[]): object {
  return {
    keys: keys.map(({ kid, publicKey }) => {
      const { n, e, kty } = publicKey.export({ format: 'jwk' });
      return { alg: 'RS256', use: 'sig', kid, n, e, kty };
    }),
  };
}

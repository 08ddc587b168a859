import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type SecureContext } from 'node:tls';
import type { CertificateAuthority } from '../../local-cloud/network/certificate-authority.ts';
import type { Counters } from './counters.ts';
import { answerPublish } from './pubsub-publish.ts';

export interface GoogleHosts {
  proxyUrl: string;
  /** From now on `https://host` ends here and goes on, in the clear, to `port` of this machine. */
  addFront(host: string, port: number): void;
}

interface Options {
  authority: CertificateAuthority;
  /** What `/oauth2/v1/certs` answers. */
  certificates: string;
  counters: Counters;
}

/**
 * The https hosts that services need, behind a CONNECT proxy: Google's certificates, Pub/Sub, and the
 * TLS ends of services. A tunnel is handed over as it is and copied by nobody.
 */
export async function startGoogleHosts(options: Options): Promise<GoogleHosts> {
  const SNICallback = secureContexts(options.authority);
  const fronts = new Map<string, number>();
  const googleApis = certificateServer(SNICallback, options);
  const pubsub = createSecureServer({ SNICallback });
  pubsub.on('stream', (stream) => answerPublish(stream, options.counters));
  const front = frontServer(SNICallback, fronts);
  const serverOf = (host: string) => {
    if (fronts.has(host)) return front;
    return host === 'pubsub.googleapis.com' ? pubsub : googleApis;
  };

  const proxy = createServer((_request, response) => response.writeHead(501).end());
  proxy.on('connect', (request, socket) => {
    socket.on('error', ignore);
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    serverOf(String(request.url).replace(/:443$/, '')).emit('connection', socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    proxyUrl: `http://127.0.0.1:${port}`,
    addFront: (host, target) => void fronts.set(host, target),
  };
}

type SniCallback = (
  host: string,
  done: (error: Error | null, context?: SecureContext) => void,
) => void;

function secureContexts(authority: CertificateAuthority): SniCallback {
  const contexts = new Map<string, Promise<SecureContext>>();
  return (host, done) => {
    const context = contexts.get(host) ?? authority.certificateFor(host).then(createSecureContext);
    contexts.set(host, context);
    context.then((made) => done(null, made), done);
  };
}

function certificateServer(SNICallback: SniCallback, { certificates, counters }: Options) {
  return createHttpsServer({ SNICallback, keepAliveTimeout: 600_000 }, (request, response) => {
    if (request.url !== '/oauth2/v1/certs') {
      response.writeHead(404).end();
      return;
    }
    counters.certificates += 1;
    response.setHeader('content-type', 'application/json');
    response.setHeader('cache-control', 'public, max-age=20000');
    response.end(certificates);
  });
}

/** Takes TLS off and hands the bytes on, without reading any HTTP: the cheapest front door there can be. */
function frontServer(SNICallback: SniCallback, fronts: ReadonlyMap<string, number>) {
  return createTlsServer({ SNICallback, ALPNProtocols: ['http/1.1'] }, (secure) => {
    const port = Number(fronts.get(String(secure.servername)));
    const plain = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const [socket, other] of [
      [secure, plain],
      [plain, secure],
    ] as const) {
      socket.on('error', ignore);
      socket.on('close', () => other.destroy());
      socket.pipe(other);
    }
  });
}

function ignore(): void {}

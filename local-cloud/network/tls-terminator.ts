import type { Duplex } from 'node:stream';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { CertificateAuthority, HostCertificate } from './certificate-authority.ts';
import { hostNameOf, type Route } from './host-router.ts';
import type { OriginServer } from './origin-server.ts';

/** Called when a client and the TLS of a host did not come together; `message` is one line. */
export type TlsErrorListener = (host: string, message: string) => void;

/** A tunnel on which nothing follows is given up; in real time, as it guards a real connection. */
const handshakeTimeoutMs = 10_000;

/** Ends TLS in the name of each host and passes the decrypted connection on by what was negotiated. */
export class TlsTerminator {
  readonly #authority: CertificateAuthority;
  readonly #origin: OriginServer;
  readonly #onTlsError: TlsErrorListener;
  /** Lives as long as the authority keeps the certificate, and is bounded with it. */
  readonly #servers = new WeakMap<HostCertificate, Server>();

  constructor(authority: CertificateAuthority, origin: OriginServer, onTlsError: TlsErrorListener) {
    this.#authority = authority;
    this.#origin = origin;
    this.#onTlsError = onTlsError;
  }

  /** Starts the handshake as `host` on a connection whose client is about to say hello. */
  async accept(host: string, route: Route, connection: Duplex): Promise<void> {
    const certificate = await this.#authority.certificateFor(host);
    let server = this.#servers.get(certificate);
    if (!server) {
      server = this.#serverFor(host, route, certificate);
      this.#servers.set(certificate, server);
    }
    // As tls.Server itself would have it: HTTP servers allow it, and then a client that hangs up in the
    // middle of the handshake goes unnoticed until the timeout.
    connection.allowHalfOpen = false;
    server.emit('connection', connection);
  }

  #serverFor(host: string, route: Route, certificate: HostCertificate): Server {
    const server = createServer({
      ...certificate,
      ALPNProtocols: protocolsOf(route),
      handshakeTimeout: handshakeTimeoutMs,
    });
    server.on('tlsClientError', (error) => this.#onTlsError(host, oneLine(error)));
    server.on('secureConnection', (socket) => this.#pass(host, route, socket));
    return server;
  }

  #pass(host: string, route: Route, socket: TLSSocket): void {
    socket.on('error', (error) => {
      if (isTlsError(error)) this.#onTlsError(host, oneLine(error));
    });
    if (socket.alpnProtocol === 'h2' && route.h2) {
      this.#passHttp2(host, route.h2, socket);
      return;
    }
    this.#origin.accept(host, socket);
  }

  #passHttp2(host: string, serve: (socket: Duplex) => void, socket: TLSSocket): void {
    // HTTP/2 has its 421 per request; here the whole connection went astray.
    if (socket.servername && hostNameOf(socket.servername) !== host) {
      this.#onTlsError(host, `the client asked for ${socket.servername} inside the tunnel`);
      socket.destroy();
      return;
    }
    serve(socket);
  }
}

/**
 * In the server's order of preference. HTTP/1.1 goes first: clients of REST APIs (curl) offer both, those
 * of gRPC nothing but h2.
 */
function protocolsOf(route: Route): string[] {
  if (!route.h2) return ['http/1.1'];
  return route.http ? ['http/1.1', 'h2'] : ['h2', 'http/1.1'];
}

function isTlsError(error: Error & { code?: string }): boolean {
  return error.code?.startsWith('ERR_SSL_') ?? false;
}

function oneLine(error: Error & { code?: string; reason?: string }): string {
  // What Node's clients do without trust in the CA: they send no alert, they just leave.
  if (error.code === 'ECONNRESET') return 'the client hung up during the TLS handshake';
  const [message = ''] = (error.reason ?? error.message).split('\n', 1);
  return error.code ? `${message} (${error.code})` : message;
}

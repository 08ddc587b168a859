import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CertificateAuthority } from './certificate-authority.ts';
import { type HostRouter, hostNameOf } from './host-router.ts';
import { listenLocally } from './listen-locally.ts';
import {
  type HandlerErrorListener,
  keepAliveTimeoutMs,
  maxHeaderBytes,
  OriginServer,
  refuseMalformed,
} from './origin-server.ts';
import { type TlsErrorListener, TlsTerminator } from './tls-terminator.ts';

export interface ConnectProxyOptions {
  router: HostRouter;
  authority: CertificateAuthority;
  /** On 127.0.0.1; 0, the default, is any free port. */
  port?: number;
  /** A client wanted to reach a host that the local cloud does not play. */
  onRefusedHost?: (host: string) => void;
  /** A client did not get through the TLS handshake: most often it does not trust the CA. */
  onTlsError?: TlsErrorListener;
  /** A route's handler threw, or failed while it answered: an error in the local cloud. */
  onHandlerError?: HandlerErrorListener;
}

export interface ConnectProxy {
  port: number;
  /** For HTTPS_PROXY and its like. */
  url: string;
  /** Cuts every connection and frees the port. */
  stop(): Promise<void>;
}

/** How long a refused client may take to read its refusal and to hang up; real time. */
const lingerMs = 5_000;

/**
 * Starts the HTTP proxy through which all programs reach the local cloud: `CONNECT host:443` (TLS ends
 * here), `CONNECT host:80`, and requests in absolute form (RFC 9110, section 9.3.6; RFC 9112, section
 * 3.2.2). It opens no connection to anywhere: a host without a route is refused.
 *
 * @throws the error of `listen`, for example with the code `EADDRINUSE`.
 */
export async function startConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  const { router, authority, port = 0, onRefusedHost = ignore, onHandlerError = ignore } = options;
  let stopping = false;
  const onTlsError: TlsErrorListener = (host, message) => {
    if (!stopping) options.onTlsError?.(host, message);
  };
  const origin = new OriginServer(router, onHandlerError);
  const terminator = new TlsTerminator(authority, origin, onTlsError);
  const connections = new Set<Socket>();

  const server = createServer(
    { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: keepAliveTimeoutMs },
    answerAbsoluteForm,
  );
  server.on('connect', openTunnel);
  server.on('clientError', refuseMalformed);
  server.on('connection', (socket) => {
    connections.add(socket);
    // Resets must not become uncaught errors, whoever holds the socket at the time.
    socket.on('error', ignore);
    socket.once('close', () => connections.delete(socket));
  });

  function openTunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { name, host, port } = parseAuthority(request.url ?? '');
    const route = host === undefined ? undefined : router.find(host);
    if (host === undefined || !route) {
      onRefusedHost(name);
      refuseTunnel(socket, '403 Forbidden', refusal(name, router));
    } else if (port !== '443' && port !== '80') {
      refuseTunnel(socket, '403 Forbidden', `Only the ports 443 and 80 of ${host} are served.\n`);
    } else {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) socket.unshift(head);
      if (port === '443') void terminator.accept(host, route, socket);
      else origin.accept(host, socket);
    }
  }

  function answerAbsoluteForm(request: IncomingMessage, response: ServerResponse): void {
    const [, authority, rest = ''] = /^http:\/\/([^/?#]*)(.*)$/is.exec(request.url ?? '') ?? [];
    if (authority === undefined) {
      sendText(response, 400, howToUse);
      return;
    }
    const { name, host, port } = parseAuthority(authority);
    if (host === undefined || !router.find(host)) {
      onRefusedHost(name);
      sendText(response, 403, refusal(name, router));
      return;
    }
    if (port !== undefined && port !== '80') {
      sendText(response, 403, `Only the ports 443 and 80 of ${host} are served.\n`);
      return;
    }
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    // For the proxy, not for whoever stands behind it.
    delete request.headers['proxy-authorization'];
    delete request.headers['proxy-connection'];
    void origin.dispatch(host, request, response);
  }

  const boundPort = await listenLocally(server, port);
  return {
    port: boundPort,
    url: `http://127.0.0.1:${boundPort}`,
    stop: () =>
      new Promise((resolve) => {
        stopping = true;
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
}

const howToUse =
  'This is the proxy of the local cloud, not a web server: set HTTPS_PROXY to this address, or use ' +
  'curl --proxy, and call https:// URLs by their real host names.\n';

function refusal(name: string, router: HostRouter): string {
  return (
    `The local cloud does not play ${name}, and nothing leaves this machine. ` +
    `Known hosts: ${router.knownHosts().join(', ')}.\n`
  );
}

/** `name` is fit to print, `host` is undefined where it is no DNS name. */
function parseAuthority(authority: string): {
  name: string;
  host: string | undefined;
  port: string | undefined;
} {
  const port = /:(\d{1,5})$/.exec(authority)?.[1];
  const name = authority.replace(/:\d{1,5}$/, '').replaceAll(/[^\x21-\x7e]/g, '?');
  return { name: name.slice(0, 253), host: hostNameOf(authority), port };
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(text);
}

function refuseTunnel(socket: Duplex, status: string, text: string): void {
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
  // Read to the end, so that the refusal is not lost in a reset; but not for ever.
  socket.resume();
  const giveUp = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(giveUp));
}

function ignore(): void {}

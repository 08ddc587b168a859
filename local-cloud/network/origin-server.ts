import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { sendGoogleError, sendNotImplemented } from './google-error.ts';
import { type HostRouter, hostNameOf } from './host-router.ts';

/** Cloud Run lets through larger headers than Node's 16 KiB: whoever stands behind decides. */
export const maxHeaderBytes = 64 * 1024;
/** Google keeps pooled connections open for 600 s; closing earlier than the client races with it. */
export const keepAliveTimeoutMs = 620_000;

export type HandlerErrorListener = (host: string, error: unknown) => void;

/**
 * Speaks HTTP/1.1 for every routed host on connections that the proxy has opened up. It never listens
 * itself.
 */
export class OriginServer {
  readonly #router: HostRouter;
  readonly #onHandlerError: HandlerErrorListener;
  readonly #tunnelHosts = new WeakMap<Duplex, string>();
  readonly #server: Server;

  constructor(router: HostRouter, onHandlerError: HandlerErrorListener) {
    this.#router = router;
    this.#onHandlerError = onHandlerError;
    this.#server = createServer(
      { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: keepAliveTimeoutMs },
      (request, response) => this.#answerInTunnel(request, response),
    );
    this.#server.on('clientError', refuseMalformed);
  }

  /** Serves requests for `host`, and for no other, on a connection. */
  accept(host: string, connection: Duplex): void {
    this.#tunnelHosts.set(connection, host);
    this.#server.emit('connection', connection);
  }

  /** Lets the host's handler answer; what it throws becomes a 500 and is reported. */
  async dispatch(host: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.headers.host = host;
    response.on('error', (error) => this.#onHandlerError(host, error));
    try {
      const handle = this.#router.find(host)?.http ?? sendNotImplemented;
      await handle(request, response);
    } catch (error) {
      this.#onHandlerError(host, error);
      if (response.headersSent) response.destroy();
      else sendInternalError(response);
    }
  }

  #answerInTunnel(request: IncomingMessage, response: ServerResponse): void {
    const host = this.#tunnelHosts.get(request.socket) ?? '';
    const named = namedHosts(request);
    if (named.some((name) => hostNameOf(name) !== host)) {
      response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(
        `This connection was opened for ${host}, and only requests for it are served.\n`,
      );
      return;
    }
    request.url = pathOf(request.url ?? '/');
    void this.dispatch(host, request, response);
  }
}

/** Every name by which the client calls the server: in TLS, in the Host headers, in an absolute URL. */
function namedHosts(request: IncomingMessage): string[] {
  const { socket } = request;
  const inHandshake = socket instanceof TLSSocket ? socket.servername : null;
  const inUrl = absoluteForm.exec(request.url ?? '')?.[1];
  return [
    ...(inHandshake ? [inHandshake] : []),
    ...(request.headersDistinct.host ?? []),
    ...(inUrl === undefined ? [] : [inUrl]),
  ];
}

/** RFC 9112, section 3.2.2: servers accept the absolute form as well. */
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/is;

function pathOf(target: string): string {
  const rest = absoluteForm.exec(target)?.[2];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function sendInternalError(response: ServerResponse): void {
  const message = 'Internal error in the local cloud.';
  sendGoogleError(response, { code: 500, status: 'INTERNAL', message });
}

/** For bytes that are no HTTP request: a status if it can still be told, and the end. */
export function refuseMalformed(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statusByCode.get(error.code) ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  );
}

const statusByCode = new Map<string | undefined, string>([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
]);

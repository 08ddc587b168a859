import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { foreignSign } from '../network/foreign-request.ts';
import { listenLocally } from '../network/listen-locally.ts';
import { noFault, type RequestHook } from '../network/request-hook.ts';
import { MetadataHandler, type MetadataHandlerOptions } from './metadata-handler.ts';

export interface MetadataServerOptions extends MetadataHandlerOptions {
  /** On 127.0.0.1; 0, the default, is any free port. */
  port?: number;
  /** Runs before a request is answered, after it has been counted. */
  before?: RequestHook;
}

export interface MetadataServerCounts {
  /** Requests of every kind, whatever came of them. */
  requests: number;
  idToken: number;
  accessToken: number;
}

export interface MetadataServer {
  /** `127.0.0.1:<port>`, for GCE_METADATA_HOST. */
  host: string;
  readonly counts: Readonly<MetadataServerCounts>;
  /** Cuts every connection and frees the port. */
  stop(): Promise<void>;
}

/**
 * Starts the metadata server of one service: it knows that service's account and gives out its tokens
 * only. https://cloud.google.com/run/docs/container-contract#metadata-server
 *
 * @throws the error of `listen`, for example with the code `EADDRINUSE`.
 */
export async function startMetadataServer(options: MetadataServerOptions): Promise<MetadataServer> {
  const { port = 0, before = noFault } = options;
  const handler = new MetadataHandler(options);
  const counts: MetadataServerCounts = { requests: 0, idToken: 0, accessToken: 0 };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    count(counts, request);
    // Clients take an answer without it for a stranger's, whatever its status.
    response.setHeader('metadata-flavor', 'Google');
    response.setHeader('server', 'Metadata Server for Serverless');
    try {
      if (foreignSign(request, request.socket.localPort ?? 0)) refuse(response);
      else if (!(await before(request, response))) await handler.handle(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'application/text' }).end(String(error));
    }
  }

  const server = createServer({ keepAliveTimeout: 620_000 }, (request, response) => {
    void answer(request, response);
  });
  const boundPort = await listenLocally(server, port);
  return {
    host: `127.0.0.1:${boundPort}`,
    counts,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A page whose name has come to mean this machine (DNS rebinding) can send any header. */
function refuse(response: ServerResponse): void {
  const text = 'Requests that a web page makes are refused.';
  response.writeHead(403, { 'content-type': 'application/text', 'content-length': text.length });
  response.end(text);
}

function count(counts: MetadataServerCounts, request: IncomingMessage): void {
  const [path = ''] = (request.url ?? '').split('?', 1);
  counts.requests += 1;
  if (path.endsWith('/identity')) counts.idToken += 1;
  if (path.endsWith('/token')) counts.accessToken += 1;
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { foreignSign } from '../network/foreign-request.ts';
import { listenLocally } from '../network/listen-locally.ts';
import type { FrontDoor } from './front-door.ts';
import { inboundFrom } from './inbound-request.ts';

export interface DeveloperProxyOptions {
  frontDoor: Pick<FrontDoor, 'handle'>;
  /** Of the service, without a trailing slash. */
  serviceUrl: string;
  /** The developer's ID token, as gcloud would get it: its audience is gcloud's client id. */
  identityToken(): Promise<string>;
  /** 0 for any free one. */
  port: number;
}

export interface DeveloperProxy {
  /** `http://localhost:<port>` */
  url: string;
  port: number;
  close(): Promise<void>;
}

/** How gcloud's helper announces itself, before the client's own User-Agent. */
const userAgent = 'cloud-run-proxy/0.1.0 (local-cloud)';

/**
 * Serves one service on 127.0.0.1 as the developer, the way `gcloud run services proxy` does. Like
 * its helper (https://github.com/GoogleCloudPlatform/cloud-run-proxy) it sets `Host`, replaces
 * `Authorization` (whatever the client sent), leaves `X-Serverless-Authorization` alone, prepends
 * to `User-Agent` and turns redirects to the service into redirects to itself.
 *
 * Unlike it, it refuses requests that a foreign web page causes: whoever reaches this port acts as
 * the developer. `Host` stops DNS rebinding, `Origin` stops cross-site requests.
 *
 * Rejects with the error of `listen` (`EADDRINUSE` if the port is taken).
 */
export async function startDeveloperProxy(options: DeveloperProxyOptions): Promise<DeveloperProxy> {
  const { frontDoor, serviceUrl, identityToken } = options;
  const server = createServer((request, response) => {
    const refusal = refusalOf(request, portOf(server));
    if (refusal) return sendText(response, 403, refusal);
    void serve(request, response);
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let token: string;
    try {
      token = await identityToken();
    } catch (error) {
      return sendText(response, 500, `failed to get token: ${(error as Error).message}\n`);
    }
    const inbound = inboundFrom(request);
    const agents = [userAgent, ...(inbound.headers['user-agent'] ?? [])];
    const headers = {
      ...inbound.headers,
      host: [new URL(serviceUrl).host],
      authorization: [`Bearer ${token}`],
      'user-agent': [agents.join(' ')],
    };
    await frontDoor.handle({ ...inbound, headers }, response, (raw) =>
      toLocal(raw, serviceUrl, `http://localhost:${portOf(server)}`),
    );
  }

  const port = await listenLocally(server, options.port);
  return {
    url: `http://localhost:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Why a request is refused as one that the developer did not make; `undefined` if it is fine. */
function refusalOf(request: IncomingMessage, port: number): string | undefined {
  switch (foreignSign(request, port)) {
    case 'host':
      return `This proxy acts as you, so it only answers to http://localhost:${port}, not to the host of this request.\n`;
    case 'site':
      return 'This proxy acts as you, so it refuses requests that another site makes.\n';
    case undefined:
      return undefined;
  }
}

/** `Location: https://service/path` → `Location: http://localhost:8080/path`. */
function toLocal(rawHeaders: string[], serviceUrl: string, localUrl: string): string[] {
  return rawHeaders.map((value, index) => {
    const isLocation = index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'location';
    const pointsHere = value === serviceUrl || value.startsWith(`${serviceUrl}/`);
    return isLocation && pointsHere ? localUrl + value.slice(serviceUrl.length) : value;
  });
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(text);
}

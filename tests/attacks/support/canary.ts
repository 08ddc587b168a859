import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Canary {
  /** `http://127.0.0.1:port`, where every URL in a hostile token or header points. */
  url: string;
  /** Connections so far, whether they spoke HTTP or not. */
  readonly visits: number;
  stop(): Promise<void>;
}

/**
 * Listens where nobody has any business, and answers like a place that publishes keys: a service that
 * fetches what a token names would be caught, and would not be saved by a fetch that fails.
 */
export async function startCanary(): Promise<Canary> {
  let visits = 0;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[]}');
  });
  server.on('connection', () => {
    visits += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get visits() {
      return visits;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

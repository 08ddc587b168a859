import { createServer } from 'node:http';
import { listenLocally } from '../network/listen-locally.ts';
import { controlHandler } from './control-handler.ts';
import { makeControlKey } from './control-key.ts';
import { controlRoutes } from './control-routes.ts';
import type { ControlServices } from './control-services.ts';

export interface ControlServer {
  /** `http://localhost:<port>` */
  url: string;
  port: number;
  /** Opens what lends identities; a secret. */
  key: string;
  /** Cuts every connection, open event streams too. */
  stop(): Promise<void>;
}

/**
 * Starts the control API on 127.0.0.1.
 *
 * @param listenOn a port; 0 for any free one
 * @throws the error of `listen`, for example `EADDRINUSE`
 */
export async function startControlServer(
  services: ControlServices,
  listenOn: number,
): Promise<ControlServer> {
  const key = makeControlKey();
  const { notify } = services;
  const handle = controlHandler({ routes: controlRoutes(services), key, notify });
  const server = createServer((request, response) => void handle(request, response));
  const port = await listenLocally(server, listenOn);
  return {
    url: `http://localhost:${port}`,
    port,
    key,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ControlServer {
  /** `http://localhost:<port>` */
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** Starts the control API on 127.0.0.1. @throws the error of `listen`, for example `EADDRINUSE` */
export async function startControlServer(options: { port: number }): Promise<ControlServer> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/**
 * Opens a port for programs of this machine. Every port of the local cloud is opened here, and none
 * anywhere but on 127.0.0.1: it lends identities to whoever reaches it.
 *
 * @param port 0 for any free one
 * @returns the port
 * @throws the error of `listen`, for example with the code `EADDRINUSE`
 */
export async function listenLocally(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

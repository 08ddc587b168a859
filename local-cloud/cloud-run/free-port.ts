import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { listenLocally } from '../network/listen-locally.ts';

/**
 * A port that nobody listened on a moment ago. Somebody else may take it first; a container that
 * then fails to start is restarted with another one.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenLocally(server, 0);
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether somebody listens on a port of 127.0.0.1: Cloud Run's TCP startup probe. */
export function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

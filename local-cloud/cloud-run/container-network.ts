import { Server } from 'node:net';

/**
 * Loaded into a service's process ahead of its own code (`node --import`). Cloud Run asks containers
 * to listen on 0.0.0.0 and lets nobody reach them but its front door; a process on a laptop would be
 * open to the whole network, past the front door. So what it opens stays on this machine.
 */
const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  const onLoopback = args.map((argument) => (isEverywhere(argument) ? '127.0.0.1' : argument));
  return Reflect.apply(listen, this, onLoopback);
} as typeof listen;

function isEverywhere(argument: unknown): boolean {
  return argument === '0.0.0.0' || argument === '::';
}

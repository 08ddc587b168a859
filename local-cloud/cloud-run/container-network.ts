import { type ListenOptions, Server } from 'node:net';

/**
 * Loaded into a service's process ahead of its own code (`node --import`). Cloud Run asks containers
 * to listen on 0.0.0.0 and lets nobody reach them but its front door; a process on a laptop would be
 * open to the whole network, past the front door. So whatever it opens, and however it asks for it
 * (https://nodejs.org/docs/latest-v24.x/api/net.html#serverlisten), stays on this machine.
 */
const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  return Reflect.apply(listen, this, onLoopback(args));
} as typeof listen;

const loopback = '127.0.0.1';

function onLoopback(args: readonly unknown[]): unknown[] {
  const [first, second, ...rest] = args;
  if (typeof first === 'function' || first === undefined || first === null) {
    return [{ port: 0, host: loopback }, ...args.filter((arg) => typeof arg === 'function')];
  }
  if (typeof first === 'object') {
    // Neither a socket file nor something that is open already.
    const isPort = 'port' in first && !('path' in first);
    return isPort
      ? [{ ...first, host: hostFor((first as ListenOptions).host) }, ...args.slice(1)]
      : [...args];
  }
  if (!/^\d+$/.test(String(first))) return [...args];
  return typeof second === 'string'
    ? [first, hostFor(second), ...rest]
    : [first, loopback, ...args.slice(1)];
}

function hostFor(asked: unknown): string {
  return /^(127\.[\d.]+|::1|localhost)$/i.test(String(asked)) ? String(asked) : loopback;
}

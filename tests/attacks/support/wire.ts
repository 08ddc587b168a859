import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Answer, parseAnswers } from './answers.ts';

/** A way to a service: straight to its container, or through TLS, proxy and front door. */
export interface Way {
  name: 'direct' | 'front door';
  /** What belongs into `Host`. */
  authority: string;
  open(): Promise<Socket>;
}

/** Straight to the port of the container, as nobody can on Cloud Run. */
export function directWay(port: number): Way {
  return {
    name: 'direct',
    authority: `127.0.0.1:${port}`,
    open: () => connected(connectTcp(port, '127.0.0.1'), 'connect'),
  };
}

/** By its public name, through the proxy of the local cloud. */
export function frontDoorWay(url: string, proxy: { url: string; ca: Buffer }): Way {
  const { host } = new URL(url);
  return {
    name: 'front door',
    authority: host,
    async open() {
      const tunnel = await connected(connectTcp(Number(new URL(proxy.url).port), '127.0.0.1'));
      tunnel.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
      await new Promise<void>((resolve, reject) => {
        tunnel.once('data', () => resolve()).once('close', () => reject(new Error('no tunnel')));
      });
      return connected(
        connectTls({ socket: tunnel, servername: host, ca: proxy.ca }),
        'secureConnect',
      );
    },
  };
}

/** What came back, and how long it took from the first byte sent; milliseconds. */
export interface Exchange {
  answers: Answer[];
  /** Everything received, byte by byte as latin1. */
  text: string;
  ms: number;
  /** Whether the other side ended the connection. */
  closed: boolean;
}

/** After this many milliseconds a connection on which nothing has come to an end counts as hung. */
const patienceMs = 20_000;

/**
 * Sends bytes on a connection of their own and collects what comes back: until the other side closes,
 * or until `enough` final answers are complete. Never rejects: a reset is an end as well.
 */
export async function exchange(
  way: Pick<Way, 'open'>,
  bytes: string | Buffer,
  { enough = Number.POSITIVE_INFINITY } = {},
): Promise<Exchange> {
  const socket = await way.open();
  const started = performance.now();
  return await new Promise((resolve) => {
    let text = '';
    const finish = (closed: boolean) => {
      clearTimeout(hung);
      resolve({
        answers: parseAnswers(text),
        text,
        ms: performance.now() - started,
        closed,
      });
      socket.destroy();
    };
    const hung = setTimeout(() => finish(false), patienceMs);
    socket.on('error', () => {});
    socket.once('close', () => finish(true));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (parseAnswers(text).filter(({ status }) => status >= 200).length >= enough) {
        finish(false);
      }
    });
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  });
}

function connected(socket: Socket, event = 'connect'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once(event, () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

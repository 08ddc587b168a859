/** Helpers for the tests of the local cloud's own network; nothing else imports them. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { HttpHandler } from '../../local-cloud/network/host-router.ts';

/** Runs a program to its end with nothing in its environment but PATH and `env`. */
export function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output.stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}

/** Node 22 calls NODE_USE_ENV_PROXY experimental, on stderr; later versions do not. */
const quietAboutTheProxy = '--disable-warning=UNDICI-EHPA';

/** Runs a script in a Node process of its own. */
export const runNode = (script: string, env: Record<string, string>) =>
  run(process.execPath, [quietAboutTheProxy, '--input-type=module', '--eval', script], env);

/** A connection to a local port that is destroyed with the test. */
export function openSocket(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

/** Everything that comes until the other side ends or `enough` says so. */
export function readUntil(socket: Socket, enough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const done = () => {
      socket.off('data', onData);
      resolve(text);
    };
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (enough(text)) done();
    };
    socket.on('data', onData);
    socket.once('close', done);
    socket.once('end', done);
  });
}

/** Sends bytes to a port and returns what comes back until the connection is closed. */
export function exchange(port: number, bytes: string): Promise<string> {
  const socket = openSocket(port);
  socket.write(bytes);
  return readUntil(socket, () => false);
}

/** A tunnel through the proxy; rejects with the proxy's answer if it is not opened. */
export async function openTunnel(proxyPort: number, target: string): Promise<Socket> {
  const socket = openSocket(proxyPort);
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const answer = await readUntil(socket, (text) => text.includes('\r\n\r\n'));
  if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(answer);
  return socket;
}

/** TLS inside a tunnel. */
export function startTls(
  socket: Socket,
  options: { ca: string; servername: string; ALPNProtocols?: string[] },
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connectTls({ socket, ...options }, () => resolve(secure));
    secure.once('error', reject);
  });
}

/** Serves a handler on a port of its own, until the test is over; returns its base URL. */
export async function serve(handle: HttpHandler): Promise<string> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * Resolves when the other side is gone, whether it hung up or was cut off (events.once would reject a
 * reset). Without `resume` its end would never be noticed.
 */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket
      .resume()
      .on('error', () => undefined)
      .once('close', () => resolve());
  });
}

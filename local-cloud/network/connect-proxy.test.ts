import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import {
  closed,
  exchange,
  openSocket,
  openTunnel,
  readUntil,
  startTls,
} from '../../tests/support/network.ts';
import { AdjustableClock } from '../clock.ts';
import { CertificateAuthority } from './certificate-authority.ts';
import { type ConnectProxyOptions, startConnectProxy } from './connect-proxy.ts';
import { HostRouter, type Route } from './host-router.ts';

const host = 'receiver.run.app';
let authority: CertificateAuthority;

beforeAll(async () => {
  authority = await CertificateAuthority.create({ clock: new AdjustableClock() });
});

/** A proxy with one host, and what it reports. */
async function startProxy(route: Route, options: Partial<ConnectProxyOptions> = {}) {
  const reports = { onRefusedHost: vi.fn(), onTlsError: vi.fn(), onHandlerError: vi.fn() };
  const router = new HostRouter().add('*.run.app', route);
  const proxy = await startConnectProxy({ router, authority, ...reports, ...options });
  onTestFinished(() => proxy.stop());
  return { ...proxy, ...reports };
}

const echo = (request: IncomingMessage, response: ServerResponse) => {
  response.end(`${request.method} ${request.headers.host} ${request.url}`);
};

const get = (path: string, name = host) => `GET ${path} HTTP/1.1\r\nHost: ${name}\r\n\r\n`;

test.each(['443', '80'])('many requests follow each other in a tunnel to port %s', async (port) => {
  const proxy = await startProxy({ http: echo });
  const tunnel = await openTunnel(proxy.port, `${host}:${port}`);
  const socket =
    port === '80' ? tunnel : await startTls(tunnel, { ca: authority.caPem, servername: host });
  for (const path of ['/a?b=c&d', '/second', '/third']) {
    socket.write(get(path));
    const answer = await readUntil(socket, (text) => text.endsWith(path));
    expect(answer).toContain(`GET ${host} ${path}`);
  }
});

test('what the client sends together with CONNECT is not lost', async () => {
  const proxy = await startProxy({ http: echo });
  const socket = openSocket(proxy.port);
  socket.write(`CONNECT ${host}:80 HTTP/1.1\r\nHost: ${host}\r\n\r\n${get('/early')}`);
  expect(await readUntil(socket, (text) => text.endsWith('/early'))).toContain('/early');
});

test('requests in absolute form are routed by their URL, without the headers for the proxy', async () => {
  const proxy = await startProxy({
    http: (request, response) => {
      response.end(
        `${request.headers.host} ${request.url} ${'proxy-authorization' in request.headers}`,
      );
    },
  });
  const answer = await exchange(
    proxy.port,
    `GET http://${host.toUpperCase()}:80?x=1 HTTP/1.1\r\nHost: other.example\r\n` +
      'Proxy-Authorization: Basic eA==\r\nConnection: close\r\n\r\n',
  );
  expect(answer).toContain(`${host} /?x=1 false`);
});

test.each([
  ['CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 'evil.example'],
  ['CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n', '169.254.169.254'],
  ['CONNECT [::1]:443 HTTP/1.1\r\nHost: x\r\n\r\n', '[::1]'],
  ['GET http://evil.example/x HTTP/1.1\r\nHost: evil.example\r\n\r\n', 'evil.example'],
  ['GET http://x@receiver.run.app/ HTTP/1.1\r\nHost: a\r\n\r\n', 'x@receiver.run.app'],
])('an unknown host is refused, named and reported: %j', async (request, name) => {
  const proxy = await startProxy({ http: echo });
  const answer = await exchange(proxy.port, request);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain(`does not play ${name}, and nothing leaves this machine`);
  expect(answer).toContain('Known hosts: *.run.app.');
  expect(proxy.onRefusedHost).toHaveBeenCalledExactlyOnceWith(name);
});

test.each([
  `CONNECT ${host}:22 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  `GET http://${host}:8080/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
])('other ports of a known host are refused: %j', async (request) => {
  const proxy = await startProxy({ http: echo });
  const answer = await exchange(proxy.port, request);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('Only the ports 443 and 80');
});

test('a request to the proxy itself is told how to use it', async () => {
  const proxy = await startProxy({ http: echo });
  const answer = await exchange(proxy.port, get('/'));
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('This is the proxy of the local cloud');
});

test.each([
  ['another Host header', get('/', 'caller.run.app')],
  ['two Host headers', `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: caller.run.app\r\n\r\n`],
  ['another host in the URL', `GET https://caller.run.app/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
])('421 inside a tunnel for %s', async (_, request) => {
  const proxy = await startProxy({ http: echo });
  const tunnel = await openTunnel(proxy.port, `${host}:443`);
  const socket = await startTls(tunnel, { ca: authority.caPem, servername: host });
  socket.write(request);
  expect(await readUntil(socket, (text) => text.includes('served.'))).toMatch(/^HTTP\/1\.1 421 /);
});

test('421 inside a tunnel whose TLS asks for another host', async () => {
  const proxy = await startProxy({ http: echo });
  const tunnel = await openTunnel(proxy.port, `${host}:443`);
  const { promise, resolve } = Promise.withResolvers<string>();
  const { connect } = await import('node:tls');
  const socket = connect({
    socket: tunnel,
    servername: 'caller.run.app',
    rejectUnauthorized: false,
  });
  socket.once('secureConnect', async () => {
    socket.write(get('/'));
    resolve(await readUntil(socket, (text) => text.includes('served.')));
  });
  expect(await promise).toMatch(/^HTTP\/1\.1 421 /);
});

test('the absolute form inside a tunnel, with port and trailing dot, is the same request', async () => {
  const proxy = await startProxy({ http: echo });
  const tunnel = await openTunnel(proxy.port, `${host}:443`);
  const socket = await startTls(tunnel, { ca: authority.caPem, servername: host });
  socket.write(`GET https://${host}:443/x HTTP/1.1\r\nHost: ${host}.:443\r\n\r\n`);
  expect(await readUntil(socket, (text) => text.endsWith('/x'))).toContain(`GET ${host} /x`);
});

test.each([
  [
    'http/1.1 where both are offered and both are served',
    { http: echo, h2: () => {} },
    ['h2', 'http/1.1'],
    'http/1.1',
  ],
  ['h2 where nothing else is offered', { http: echo, h2: () => {} }, ['h2'], 'h2'],
  ['h2 where nothing else is served', { h2: () => {} }, ['http/1.1', 'h2'], 'h2'],
  ['http/1.1 where h2 is not served', { http: echo }, ['h2', 'http/1.1'], 'http/1.1'],
])('ALPN chooses %s', async (_, route, offered, chosen) => {
  const proxy = await startProxy(route);
  const tunnel = await openTunnel(proxy.port, `${host}:443`);
  const options = { ca: authority.caPem, servername: host, ALPNProtocols: offered };
  expect((await startTls(tunnel, options)).alpnProtocol).toBe(chosen);
});

test('a host that is served over h2 only says so to HTTP/1.1', async () => {
  const proxy = await startProxy({ h2: () => {} });
  const tunnel = await openTunnel(proxy.port, `${host}:443`);
  const socket = await startTls(tunnel, { ca: authority.caPem, servername: host });
  socket.write(get('/v1/x?access_token=secret'));
  const answer = await readUntil(socket, (text) => text.includes('}\n}\n'));
  expect(answer).toMatch(/^HTTP\/1\.1 501 /);
  expect(answer).toContain(`GET ${host}/v1/x is not implemented`);
  expect(answer).not.toContain('secret');
});

test('large bodies stream through in both directions', async () => {
  const proxy = await startProxy({ http: (request, response) => void request.pipe(response) });
  const tunnel = await openTunnel(proxy.port, `${host}:443`);
  const socket = await startTls(tunnel, { ca: authority.caPem, servername: host });
  const size = 8 * 1024 * 1024;
  socket.write(
    `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${size}\r\nConnection: close\r\n\r\n`,
  );
  socket.write(Buffer.alloc(size, 'x'));
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  await once(socket, 'end');
  expect(received).toBeGreaterThan(size);
});

test('headers up to 64 KiB pass, larger ones get 431', async () => {
  const proxy = await startProxy({ http: echo });
  const withHeader = (size: number) =>
    `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Large: ${'x'.repeat(size)}\r\nConnection: close\r\n\r\n`;
  for (const [size, status] of [
    [60 * 1024, '200'],
    [70 * 1024, '431'],
  ] as const) {
    const tunnel = await openTunnel(proxy.port, `${host}:80`);
    tunnel.write(withHeader(size));
    expect(await readUntil(tunnel, () => false)).toContain(`HTTP/1.1 ${status} `);
  }
});

test.each([
  [
    'throws',
    () => {
      throw new Error('boom');
    },
  ],
  ['rejects', () => Promise.reject(new Error('boom'))],
])('a handler that %s becomes a 500, and is reported', async (_, http) => {
  const proxy = await startProxy({ http });
  const answer = await exchange(
    proxy.port,
    `GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 500 /);
  expect(answer).not.toContain('boom');
  expect(proxy.onHandlerError).toHaveBeenCalledExactlyOnceWith(host, new Error('boom'));
});

test('a client that hangs up in the middle of the handshake is reported', async () => {
  const proxy = await startProxy({ http: echo });
  const tunnel = await openTunnel(proxy.port, `${host}:443`);
  tunnel.end();
  await vi.waitFor(() =>
    expect(proxy.onTlsError).toHaveBeenCalledExactlyOnceWith(
      host,
      'the client hung up during the TLS handshake',
    ),
  );
});

test('bytes that are no TLS are reported, and the proxy goes on', async () => {
  const proxy = await startProxy({ http: echo });
  const tunnel = await openTunnel(proxy.port, `${host}:443`);
  tunnel.write('GET / HTTP/1.1\r\n\r\n');
  await readUntil(tunnel, () => false);
  await vi.waitFor(() => expect(proxy.onTlsError).toHaveBeenCalledOnce());
  const next = await openTunnel(proxy.port, `${host}:80`);
  next.write(get('/still-here'));
  expect(await readUntil(next, (text) => text.endsWith('here'))).toContain('/still-here');
});

test('resets at every stage do no harm', async () => {
  const proxy = await startProxy({ http: () => {}, h2: (socket) => void socket.resume() });
  const idle = openSocket(proxy.port);
  idle.once('connect', () => idle.resetAndDestroy());
  for (const port of ['80', '443']) {
    const tunnel = await openTunnel(proxy.port, `${host}:${port}`);
    tunnel.write(get('/'));
    tunnel.resetAndDestroy();
  }
  for (const ALPNProtocols of [['h2'], ['http/1.1']]) {
    const tunnel = await openTunnel(proxy.port, `${host}:443`);
    await startTls(tunnel, { ca: authority.caPem, servername: host, ALPNProtocols });
    tunnel.resetAndDestroy();
  }
  expect(await exchange(proxy.port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('stop cuts connections of every kind at once and frees the port', async () => {
  const proxy = await startProxy({ http: () => {}, h2: () => {} });
  const idle = openSocket(proxy.port);
  await once(idle, 'connect');
  const hanging = await openTunnel(proxy.port, `${host}:80`);
  hanging.write(get('/never-answered'));
  const handshaking = await openTunnel(proxy.port, `${host}:443`);
  const http2 = await openTunnel(proxy.port, `${host}:443`);
  await startTls(http2, { ca: authority.caPem, servername: host, ALPNProtocols: ['h2'] });
  const allClosed = Promise.all([idle, hanging, handshaking].map(closed));
  await Promise.all([proxy.stop(), proxy.stop()]);
  await allClosed;
  expect(proxy.onTlsError).not.toHaveBeenCalled();
  const again = await startProxy({ http: echo }, { port: proxy.port });
  expect(again.port).toBe(proxy.port);
  await expect(startProxy({ http: echo }, { port: proxy.port })).rejects.toThrow('EADDRINUSE');
});

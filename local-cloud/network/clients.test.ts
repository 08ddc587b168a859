import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run, runNode } from '../../tests/support/network.ts';
import { AdjustableClock } from '../clock.ts';
import { CertificateAuthority } from './certificate-authority.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { HostRouter } from './host-router.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-cloud-network-'));
const caFile = join(folder, 'ca.pem');
const onTlsError = vi.fn();
const grpcServer = new grpc.Server();
let injector: { destroy(): void };
let proxy: ConnectProxy;
let environment: Record<string, string>;
/** Its absence on a machine is no failure. */
const curl = await run('curl', ['--version']).catch(() => undefined);

const bytes = (value: Buffer) => value;
const echoService = {
  echo: {
    path: '/test.Echo/Echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  },
};

beforeAll(async () => {
  const authority = await CertificateAuthority.create({ clock: new AdjustableClock() });
  writeFileSync(caFile, authority.caPem);
  const echo: grpc.handleUnaryCall<Buffer, Buffer> = (call, answer) => answer(null, call.request);
  grpcServer.addService(echoService, { echo });
  const connections = grpcServer.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  injector = connections;
  const router = new HostRouter()
    .add('*.run.app', {
      http: (request, response) => void response.end(`${request.headers.host}${request.url}`),
    })
    .add('pubsub.googleapis.com', { h2: (socket) => connections.injectConnection(socket) });
  proxy = await startConnectProxy({ router, authority, onTlsError });
  environment = { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NODE_USE_ENV_PROXY: '1' };
});

afterAll(async () => {
  await proxy.stop();
  injector.destroy();
  grpcServer.forceShutdown();
  rmSync(folder, { recursive: true });
});

const fetchScript = `
  const response = await fetch('https://receiver-1.europe-west1.run.app/path?q=1')
    .catch((error) => ({ text: () => error.cause.code }));
  console.log(await response.text());`;

test('fetch reaches a host by its real name', async () => {
  const { stdout, stderr } = await runNode(fetchScript, {
    ...environment,
    NODE_EXTRA_CA_CERTS: caFile,
  });
  expect(stdout.trim(), stderr).toBe('receiver-1.europe-west1.run.app/path?q=1');
});

test('fetch without trust in the CA fails, and the proxy reports it', async () => {
  onTlsError.mockClear();
  const { stdout } = await runNode(fetchScript, environment);
  expect(stdout.trim()).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  await vi.waitFor(() =>
    expect(onTlsError).toHaveBeenCalledExactlyOnceWith(
      'receiver-1.europe-west1.run.app',
      'the client hung up during the TLS handshake',
    ),
  );
});

test('an unmodified gRPC client reaches a gRPC server', async () => {
  const grpcPath = createRequire(import.meta.url).resolve('@grpc/grpc-js');
  const script = `
    import grpc from ${JSON.stringify(grpcPath)};
    const client = new grpc.Client('pubsub.googleapis.com:443', grpc.credentials.createSsl());
    const bytes = (value) => value;
    client.makeUnaryRequest('/test.Echo/Echo', bytes, bytes, Buffer.from('ping'), (error, answer) => {
      console.log(error?.message ?? String(answer));
      client.close();
    });`;
  const { stdout, stderr } = await runNode(script, {
    ...environment,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
  });
  expect(stdout.trim(), stderr).toBe('ping');
});

test.skipIf(!curl)('curl --proxy reaches a host (skipped without curl)', async () => {
  const url = 'https://receiver-1.europe-west1.run.app/path';
  const through = ['--silent', '--show-error', '--proxy', proxy.url];
  const trusting = await run('curl', [...through, '--cacert', caFile, url]);
  expect(trusting.stdout, trusting.stderr).toBe('receiver-1.europe-west1.run.app/path');
  onTlsError.mockClear();
  await run('curl', [...through, url]);
  await vi.waitFor(() =>
    expect(onTlsError).toHaveBeenCalledExactlyOnceWith(
      'receiver-1.europe-west1.run.app',
      expect.stringContaining('unknown ca'),
    ),
  );
});

import { deterministicUrl } from '../deploy/service-urls.ts';
import type { ApiServices } from './api-services.ts';
import type { CloudRun } from './cloud-run/create-cloud-run.ts';
import { startDeveloperProxy } from './cloud-run/developer-proxy.ts';
import { startControlServer } from './control/start-control-server.ts';
import { googleApis } from './google-apis.ts';
import type { GoogleState } from './google-state.ts';
import { apiNotPlayed } from './network/api-not-played.ts';
import type { CertificateAuthority } from './network/certificate-authority.ts';
import { startConnectProxy } from './network/connect-proxy.ts';
import { HostRouter } from './network/host-router.ts';
import type { LocalCloudOptions } from './options.ts';
import type { Rollback } from './rollback.ts';

export interface NetworkOptions
  extends Pick<LocalCloudOptions, 'proxyPort' | 'controlPort' | 'servicePorts'> {
  authority: CertificateAuthority;
  rollback: Rollback;
}

/**
 * Opens the ports, all on 127.0.0.1: the proxy that plays Google's hosts, one port per service that
 * reaches it as the developer, and the control API.
 *
 * @throws the error of `listen`: `EADDRINUSE` with the `port` that is taken
 */
export async function openNetwork(state: GoogleState, run: CloudRun, options: NetworkOptions) {
  const { tokens, pubsub, faults, ...kept } = state;
  const services = { ...kept, ...tokens, deployments: run.deployments };
  const { authority, rollback } = options;
  const proxy = await startConnectProxy({
    router: routerOf(state, run, services),
    authority,
    port: options.proxyPort ?? 0,
    ...noticesOf(state),
  });
  rollback.add(proxy.stop);
  const localUrls = await openServicePorts(state, run, options);
  const control = await startControlServer(
    { ...services, ...run, broker: pubsub.broker, faults, localUrls },
    options.controlPort ?? 0,
  );
  rollback.add(control.stop);
  return { proxy, localUrls, control };
}

/** Which host is answered by which part. */
function routerOf(state: GoogleState, { frontDoor }: CloudRun, services: ApiServices): HostRouter {
  const { tokens, pubsub, faults, authenticate, notify } = state;
  const router = new HostRouter()
    .add('www.googleapis.com', { http: tokens.certificates.handle })
    .add('oauth2.googleapis.com', { http: tokens.oauth2 })
    .add('pubsub.googleapis.com', { h2: pubsub.accept, http: pubsub.http })
    .add('*.googleapis.com', { http: apiNotPlayed({ notify }) })
    .add('*.run.app', {
      http: async (request, response) => {
        if (!(await faults.frontDoor(request, response))) frontDoor.handler(request, response);
      },
    });
  for (const [pattern, http] of googleApis(services, { authenticate, notify })) {
    router.add(pattern, { http });
  }
  return router;
}

function noticesOf({ notify }: GoogleState) {
  return {
    onRefusedHost: (host: string) =>
      notify(`refused a connection to ${host}: nothing leaves this machine`),
    onTlsError: (host: string, message: string) =>
      notify(`TLS with a client of ${host} failed: ${message}. Does it trust the local CA?`),
    onHandlerError: (host: string, error: unknown) =>
      notify(`${host} failed here: ${String(error)}`),
  };
}

/** By service, where the developer reaches it; also those that are still to be deployed. */
async function openServicePorts(
  { topology, tokens }: GoogleState,
  { frontDoor }: CloudRun,
  { servicePorts = {}, rollback }: NetworkOptions,
): Promise<Record<string, string>> {
  const names = [...topology.services.map(({ name }) => name), ...Object.keys(servicePorts)];
  const urls: Record<string, string> = {};
  for (const name of new Set(names)) {
    const server = await startDeveloperProxy({
      frontDoor,
      serviceUrl: deterministicUrl(name, topology),
      identityToken: tokens.developerIdToken,
      port: servicePorts[name] ?? 0,
    });
    rollback.add(server.close);
    urls[name] = server.url;
  }
  return urls;
}

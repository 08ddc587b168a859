import { deterministicUrl } from '../deploy/service-urls.ts';
import {
  loadTopology,
  parseTopology,
  type ResolvedTopology,
  resolveTopology,
} from '../deploy/topology.ts';
import { ArtifactRegistry } from './artifact-registry/artifact-registry.ts';
import { localProgramOf } from './artifact-registry/local-program.ts';
import { AdjustableClock } from './clock.ts';
import { Builds } from './cloud-build/builds.ts';
import { Deployments, defaultAccountOf } from './cloud-run/deployments.ts';
import { startDeveloperProxy } from './cloud-run/developer-proxy.ts';
import { FrontDoor } from './cloud-run/front-door.ts';
import { frontDoorServices } from './cloud-run/front-door-services.ts';
import { seedServices } from './cloud-run/seed-services.ts';
import { ServiceFleet } from './cloud-run/service-fleet.ts';
import { type Revision, ServiceRegistry } from './cloud-run/service-registry.ts';
import { startControlServer } from './control/start-control-server.ts';
import { metadataEnvironment, networkEnvironment, shellEnvironment } from './environments.ts';
import { Faults } from './faults/faults.ts';
import { PrivateFolder } from './folder.ts';
import { lockFolder } from './folder-lock.ts';
import { googleApis } from './google-apis.ts';
import { CustomRoles } from './iam/custom-roles.ts';
import { Iam } from './iam/iam.ts';
import { seedAccounts } from './iam/seed-accounts.ts';
import {
  deployerProjectRoles,
  developerProjectRoles,
  seedFromTopology,
} from './iam/seed-from-topology.ts';
import { ServiceAccounts } from './iam/service-accounts.ts';
import { topologyDirectory } from './iam/topology-directory.ts';
import { apiNotPlayed } from './network/api-not-played.ts';
import { CertificateAuthority } from './network/certificate-authority.ts';
import { startConnectProxy } from './network/connect-proxy.ts';
import { HostRouter } from './network/host-router.ts';
import { Operations } from './operations/operations.ts';
import { defaults, type LocalCloudOptions } from './options.ts';
import { startPubsub } from './pubsub/start-pubsub.ts';
import { Rollback } from './rollback.ts';
import { EnabledApis, ofEnabledApis } from './service-usage/enabled-apis.ts';
import { Buckets } from './storage/buckets.ts';
import { bearerAuthentication } from './tokens/bearer-authentication.ts';
import { startTokenServices } from './tokens/token-services.ts';

/** A running local cloud. */
export type LocalCloud = Awaited<ReturnType<typeof startLocalCloud>>;

/** The developer's access token is good for as long as the CA. */
const credentialLifetimeSeconds = 24 * 3_600;

/**
 * Starts the local cloud and, unless told otherwise, the services of the topology. Nothing is global:
 * several can run side by side. If a part cannot start, those that have are stopped again.
 *
 * @throws the error of that part: `EADDRINUSE` with the `port` that is taken, a `FolderError`, a
 *   `StartupError` of a service, a `TopologyError`.
 */
export async function startLocalCloud(options: LocalCloudOptions = {}) {
  const { onNotice = () => {}, onServiceLine = () => {} } = options;
  const rollback = new Rollback();
  try {
    const clock = new AdjustableClock();
    const notify = onNotice;
    const faults = new Faults({ clock });
    const topology = resolve(options);
    const roles = new CustomRoles(clock);
    const iam = new Iam({ clock, roles, directory: topologyDirectory(topology) });
    const accounts = new ServiceAccounts({ clock, policies: iam.policies });
    seedAccounts(accounts, topology);
    iam.useAccounts(accounts);
    const projectRoles = options.empty ? deployerProjectRoles : developerProjectRoles;
    seedFromTopology(iam.policies, topology, projectRoles);

    const authority = await CertificateAuthority.create({ clock });
    const tokens = await startTokenServices({ topology, clock, faults, accounts, notify });
    rollback.add(tokens.stop);
    const apis = new EnabledApis(options.empty ? 'none' : 'all');
    const authenticate = ofEnabledApis(
      bearerAuthentication({ tokens: tokens.apiTokens, accounts, notify }),
      { apis, projectNumber: topology.projectNumber, notify },
    );
    const pubsub = startPubsub({ topology, clock, iam, authenticate, faults, onNotice });
    rollback.add(pubsub.stop);

    const images = new ArtifactRegistry(clock);
    const programOf = (image: string) => (images.find(image) ? localProgramOf(image) : undefined);
    const registry = new ServiceRegistry();
    const fleet = new ServiceFleet({
      clock,
      programOf,
      environmentOf: (revision) => environmentOf(revision),
      homeFolder: () => homeFolder,
      onNotice,
      onServiceLine,
    });
    const deployments = new Deployments({ topology, clock, registry, instances: fleet, notify });
    seedServices({ topology, images, deployments });
    const frontDoor = new FrontDoor({
      services: () => frontDoorServices(registry.list(), fleet),
      iam,
      idTokens: { verify: tokens.verifyIdToken },
      accounts,
      clock,
      notify: onNotice,
    });
    rollback.add(() => frontDoor.close());

    const router = new HostRouter()
      .add('www.googleapis.com', { http: tokens.certificates.handle })
      .add('oauth2.googleapis.com', { http: tokens.oauth2 })
      .add('pubsub.googleapis.com', { h2: pubsub.accept, http: pubsub.http })
      .add('*.googleapis.com', { http: apiNotPlayed({ notify: onNotice }) })
      .add('*.run.app', {
        http: async (request, response) => {
          if (!(await faults.frontDoor(request, response))) frontDoor.handler(request, response);
        },
      });
    const operations = new Operations();
    const services = {
      topology,
      clock,
      iam,
      accounts,
      roles,
      registry,
      deployments,
      operations,
      apis,
      images,
      buckets: new Buckets(clock),
      builds: new Builds(),
      notify,
      ...tokens,
    };
    for (const [pattern, http] of googleApis(services, { authenticate, notify })) {
      router.add(pattern, { http });
    }
    const proxy = await startConnectProxy({
      router,
      authority,
      port: options.proxyPort ?? 0,
      onRefusedHost: (host) =>
        onNotice(`refused a connection to ${host}: nothing leaves this machine`),
      onTlsError: (host, message) =>
        onNotice(`TLS with a client of ${host} failed: ${message}. Does it trust the local CA?`),
      onHandlerError: (host, error) => onNotice(`${host} failed here: ${String(error)}`),
    });
    rollback.add(proxy.stop);

    const localUrls: Record<string, string> = {};
    const { servicePorts = {} } = options;
    const names = [...topology.services.map(({ name }) => name), ...Object.keys(servicePorts)];
    for (const name of new Set(names)) {
      const url = deterministicUrl(name, topology);
      const port = servicePorts[name] ?? 0;
      const identityToken = tokens.developerIdToken;
      const server = await startDeveloperProxy({ frontDoor, serviceUrl: url, identityToken, port });
      rollback.add(server.close);
      localUrls[name] = server.url;
    }

    const control = await startControlServer(
      { ...services, broker: pubsub.broker, faults, frontDoor, fleet, localUrls },
      options.controlPort ?? 0,
    );
    rollback.add(control.stop);

    const folder = new PrivateFolder(options.folder);
    rollback.add(() => folder.remove());
    await lockFolder(folder, proxy.url);
    const reach = { proxyUrl: proxy.url, caFile: folder.write('ca.pem', authority.caPem) };
    const environmentFor = (name: string): Record<string, string> => {
      const service = topology.services.find((candidate) => candidate.name === name);
      if (!service) throw new RangeError(`there is no service ${name} in the topology`);
      return {
        ...service.environment,
        ...networkEnvironment(reach),
        ...metadataEnvironment(tokens.metadataServerOf(name).host),
      };
    };
    const environmentOf = async ({ spec, serviceAccount }: Revision) => ({
      ...Object.fromEntries(
        (spec.containers[0]?.env ?? []).map(({ name, value = '' }) => [name, value]),
      ),
      // Afterwards: whatever a deployment says, nothing leaves this machine.
      ...networkEnvironment(reach),
      ...metadataEnvironment((await tokens.metadataServerFor(serviceAccount)).host),
    });
    const entryAccount =
      topology.services.find(({ name }) => name === entryService(topology))?.serviceAccount ??
      defaultAccountOf(topology.projectNumber);
    // For curl, and whatever else takes a token as it is.
    folder.write('access-token', tokens.developerAccessToken(credentialLifetimeSeconds));
    const developerEnvironment = shellEnvironment({
      ...reach,
      developer: topology.deployer.replace(/^user:/, ''),
      project: topology.project,
      region: topology.region,
      credentialsFile: folder.write('credentials.json', tokens.developerCredentials),
      gcloudFolder: folder.emptyFolder('gcloud'),
      metadataHost: (await tokens.metadataServerFor(entryAccount)).host,
      serviceUrls: Object.fromEntries(topology.services.map(({ name, url }) => [name, url])),
    });

    rollback.add(() => fleet.stop());
    // Before the services stop: they would wait for whatever hangs.
    rollback.add(() => faults.clear());
    const homeFolder = folder.emptyFolder('home');
    const startServices = async () => {
      await Promise.all(registry.list().map((service) => deployments.start(service)));
    };
    if (options.startServices ?? true) await startServices();

    return {
      topology,
      clock,
      keys: tokens.keys,
      iam,
      decisions: iam.decisions,
      pubsub: pubsub.broker,
      faults,
      frontDoor,
      services: fleet,
      /** Where they were not started at once: resolves when all listen. */
      startServices,
      accounts,
      roles,
      authenticate,
      controlUrl: control.url,
      controlKey: control.key,
      idTokens: tokens.idTokens,
      accessTokens: tokens.accessTokens,
      certificates: tokens.certificates,
      metadataServerOf: tokens.metadataServerOf,
      proxyUrl: proxy.url,
      localUrls,
      folder,
      environmentFor,
      developerEnvironment,
      /** Stops everything, services first. */
      stop: () => rollback.run(),
    };
  } catch (error) {
    await rollback.run();
    throw error;
  }
}

/** The service that people start with: one that no other service invokes. */
export function entryService({ services }: ResolvedTopology): string {
  const entry = services.find(({ invokers }) =>
    services.every(({ serviceAccount }) => !invokers.includes(`serviceAccount:${serviceAccount}`)),
  );
  return (entry ?? services[0])?.name ?? '';
}

function resolve(options: LocalCloudOptions): ResolvedTopology {
  const { developer, ...given } = { ...defaults, ...options };
  const topology = options.empty
    ? parseTopology({ services: {} })
    : (options.topology ?? loadTopology());
  const { project, projectNumber, region } = given;
  return resolveTopology(topology, {
    project,
    projectNumber,
    region,
    deployer: `user:${developer}`,
  });
}

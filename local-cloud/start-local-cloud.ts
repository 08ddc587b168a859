import {
  loadTopology,
  parseTopology,
  type ResolvedTopology,
  resolveTopology,
} from '../deploy/topology.ts';
import { AdjustableClock } from './clock.ts';
import { createCloudRun } from './cloud-run/create-cloud-run.ts';
import { Faults } from './faults/faults.ts';
import { createGoogleState } from './google-state.ts';
import { type HandedOut, handOut } from './hand-out.ts';
import { CertificateAuthority } from './network/certificate-authority.ts';
import { openNetwork } from './open-network.ts';
import { defaults, type LocalCloudOptions } from './options.ts';
import { Rollback } from './rollback.ts';

/** A running local cloud. */
export type LocalCloud = Awaited<ReturnType<typeof startLocalCloud>>;

/**
 * Starts the local cloud and, unless told otherwise, the services of the topology. Nothing is global:
 * several can run side by side. If a part cannot start, those that have are stopped again.
 *
 * @throws the error of that part: `EADDRINUSE` with the `port` that is taken, a `FolderError`, a
 *   `StartupError` of a service, a `TopologyError`.
 */
export async function startLocalCloud(options: LocalCloudOptions = {}) {
  const { onNotice: notify = () => {}, onServiceLine = () => {}, empty = false } = options;
  const rollback = new Rollback();
  try {
    const clock = new AdjustableClock();
    const faults = new Faults({ clock });
    const topology = resolve(options);
    const state = await createGoogleState({ topology, empty, clock, faults, notify, rollback });
    // A service is started when it is known where it finds the rest.
    let handedOut: HandedOut;
    const run = createCloudRun(state, {
      environmentOf: (revision) => handedOut.environmentOf(revision),
      homeFolder: () => handedOut.homeFolder,
      onServiceLine,
      programOf: options.programOf,
      rollback,
    });
    const authority = await CertificateAuthority.create({ clock });
    const network = await openNetwork(state, run, { ...options, authority, rollback });
    const { proxy, localUrls, control } = network;
    handedOut = await handOut(state, {
      folder: options.folder,
      proxyUrl: proxy.url,
      caPem: authority.caPem,
      rollback,
    });

    rollback.add(() => run.fleet.stop());
    // Before the services stop: they would wait for whatever hangs.
    rollback.add(() => faults.clear());
    const startServices = async () => {
      await Promise.all(state.registry.list().map((service) => run.deployments.start(service)));
    };
    if (options.startServices ?? true) await startServices();

    const { iam, tokens } = state;
    return {
      topology,
      clock,
      keys: tokens.keys,
      iam,
      decisions: iam.decisions,
      pubsub: state.pubsub.broker,
      faults,
      frontDoor: run.frontDoor,
      services: run.fleet,
      /** Where they were not started at once: resolves when all listen. */
      startServices,
      accounts: state.accounts,
      roles: state.roles,
      authenticate: state.authenticate,
      controlUrl: control.url,
      controlKey: control.key,
      idTokens: tokens.idTokens,
      accessTokens: tokens.accessTokens,
      certificates: tokens.certificates,
      metadataServerOf: tokens.metadataServerOf,
      proxyUrl: proxy.url,
      localUrls,
      folder: handedOut.folder,
      environmentFor: handedOut.environmentFor,
      developerEnvironment: handedOut.developerEnvironment,
      /** Stops everything, services first. */
      stop: () => rollback.run(),
    };
  } catch (error) {
    await rollback.run();
    throw error;
  }
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

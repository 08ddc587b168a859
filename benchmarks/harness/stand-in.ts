import { join } from 'node:path';
import type { Counters } from '../stand-in/counters.ts';
import type { StandInTasks } from '../stand-in/main.ts';
import { audience, project } from './names.ts';
import { Worker } from './worker.ts';

/** How long Google's ID tokens live, in seconds. */
const usualLifetimeSeconds = 3_600;

/** The stand-in for Google, which runs in a process of its own. */
export class StandIn {
  readonly #worker = new Worker<StandInTasks>(join(import.meta.dirname, '../stand-in/main.ts'));
  readonly #folder: string;
  #network: Promise<Record<string, string>> | undefined;

  /** @param folder for the CA's certificate */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The variables of a service that runs as `email`: the same as the local cloud's. */
  async environmentFor(
    email: string,
    lifetimeSeconds = usualLifetimeSeconds,
  ): Promise<Record<string, string>> {
    this.#network ??= this.#readNetwork();
    const { port } = await this.#worker.ask('metadataServer', { email, lifetimeSeconds });
    return { ...(await this.#network), GCE_METADATA_HOST: `127.0.0.1:${port}` };
  }

  /** Puts a TLS end before a receiver's port; resolves with its https origin. */
  async frontTo(port: number): Promise<string> {
    const host = `receiver-${port}.bench.run.app`;
    await this.#worker.ask('front', { host, port });
    return `https://${host}`;
  }

  counters(): Promise<Counters> {
    return this.#worker.ask('counters', {});
  }

  /** Genuine tokens of one account for the receiver, no two alike. */
  distinctTokens(email: string, count: number): Promise<string[]> {
    return this.#worker.ask('distinctTokens', { email, audience, count });
  }

  stop(): void {
    this.#worker.stop();
  }

  async #readNetwork(): Promise<Record<string, string>> {
    const caFile = join(this.#folder, 'ca.pem');
    const { proxyUrl } = await this.#worker.ask('network', { caFile });
    return {
      HTTPS_PROXY: proxyUrl,
      https_proxy: proxyUrl,
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: caFile,
      GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
      GOOGLE_CLOUD_PROJECT: project,
      K_SERVICE: 'bench',
      K_REVISION: 'bench-00001-abc',
      K_CONFIGURATION: 'bench',
      // Nobody's credentials are found there.
      HOME: this.#folder,
    };
  }
}

import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../clock.ts';
import { probeOf } from './container-probes.ts';
import type { CloudRunService, Revision } from './service-registry.ts';
import { StartupError, SupervisedService } from './supervisor.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const containerNetwork = new URL('container-network.ts', import.meta.url).href;

/** The image of a revision cannot be had; the message is Google's [O]. */
export class ImageNotFoundError extends Error {
  override readonly name = 'ImageNotFoundError';

  constructor(image: string) {
    super(`Image '${image}' not found.`);
  }
}

export interface ServiceFleetOptions {
  clock: Clock;
  /** The program of an image, relative to the project's folder; `undefined` if there is no such image. */
  programOf(image: string): string | undefined;
  /** Everything that makes a process this revision, apart from what {@link SupervisedService} sets. */
  environmentOf(revision: Revision): Promise<Record<string, string>>;
  /** An empty folder. */
  homeFolder(): string;
  onNotice(sentence: string): void;
  onServiceLine(service: string, line: string): void;
}

/** A container that requests go to. */
export interface Instance {
  /** On 127.0.0.1. */
  port: number;
  /** It is not stopped before this answer is over. */
  serves(response: ServerResponse): void;
}

interface RevisionInstance {
  service: string;
  started: Promise<void>;
  supervised: SupervisedService | undefined;
  isUp: boolean;
  isStopping: boolean;
  underWay: number;
  /** Called when nothing is under way any more. */
  onIdle: () => void;
}

/** The service processes of one local cloud: one of each revision that gets traffic. */
export class ServiceFleet {
  readonly #options: ServiceFleetOptions;
  readonly #instances = new Map<Revision, RevisionInstance>();
  /** Those that finish what is under way. */
  readonly #retired = new Set<RevisionInstance>();
  #isStopped = false;

  constructor(options: ServiceFleetOptions) {
    this.#options = options;
  }

  /**
   * Starts a revision's container from its source; resolves when it has passed its startup probe. The
   * same promise again if it has been started already.
   *
   * @throws {StartupError | ImageNotFoundError}
   */
  start({ name }: CloudRunService, revision: Revision): Promise<void> {
    const running = this.#instances.get(revision);
    if (running) return running.started;
    const instance: RevisionInstance = {
      service: name,
      started: Promise.resolve(),
      supervised: undefined,
      isUp: false,
      isStopping: false,
      underWay: 0,
      onIdle: () => undefined,
    };
    this.#instances.set(revision, instance);
    instance.started = this.#launch(instance, revision).catch((error: unknown) => {
      if (this.#instances.get(revision) === instance) this.#instances.delete(revision);
      throw error;
    });
    return instance.started;
  }

  async #launch(instance: RevisionInstance, revision: Revision): Promise<void> {
    const { clock, programOf, environmentOf, homeFolder, onNotice, onServiceLine } = this.#options;
    const { service } = instance;
    instance.isStopping = this.#isStopped;
    const [container] = revision.spec.containers;
    const image = container?.image ?? '';
    const program = programOf(image);
    if (program === undefined) throw new ImageNotFoundError(image);
    const env = await environmentOf(revision);
    requireWanted(instance, revision);
    instance.supervised = new SupervisedService({
      name: service,
      revision: revision.name,
      command: process.execPath,
      args: ['--import', containerNetwork, program],
      cwd: root,
      env,
      hostEnv: process.env,
      homeFolder: homeFolder(),
      clock,
      startupProbe: probeOf(container?.startupProbe),
      livenessProbe: probeOf(container?.livenessProbe),
      onLine: (line) => onServiceLine(service, line),
      onEvent: onNotice,
    });
    await instance.supervised.start();
    requireWanted(instance, revision);
    instance.isUp = true;
  }

  /** Whether it has been started and not stopped since; it may be on its way back from a crash. */
  isUp(revision: Revision): boolean {
    return this.#instances.get(revision)?.isUp ?? false;
  }

  /** Where requests to a revision go; `undefined` while nothing listens. */
  instanceOf(revision: Revision): Instance | undefined {
    const instance = this.#instances.get(revision);
    const port = instance?.supervised?.port;
    if (!instance || port === undefined) return undefined;
    const serves = (response: ServerResponse) => {
      instance.underWay += 1;
      response.once('close', () => {
        instance.underWay -= 1;
        if (instance.underWay === 0) instance.onIdle();
      });
    };
    return { port, serves };
  }

  /** The port on which a service listens; `undefined` while it does not. */
  portOf(service: string): number | undefined {
    return this.#supervised(service).find(({ port }) => port !== undefined)?.port;
  }

  pidOf(service: string): number | undefined {
    return this.#supervised(service).find(({ pid }) => pid !== undefined)?.pid;
  }

  #supervised(service: string): SupervisedService[] {
    return [...this.#instances.values()].flatMap((instance) =>
      instance.service === service && instance.supervised ? [instance.supervised] : [],
    );
  }

  /**
   * Stops a revision that requests no longer go to, once it has answered those that are under way, or
   * after the time that each of them has at most. Resolves when its process is gone.
   */
  async retire(revision: Revision): Promise<void> {
    const instance = this.#instances.get(revision);
    if (!instance) return;
    this.#instances.delete(revision);
    this.#retired.add(instance);
    const boundMs = (revision.spec.timeoutSeconds ?? 0) * 1000;
    await new Promise<void>((resolve) => {
      if (instance.underWay === 0) return resolve();
      const timer = this.#options.clock.after(boundMs, resolve);
      instance.onIdle = () => {
        timer.cancel();
        resolve();
      };
    });
    await stop(instance);
    this.#retired.delete(instance);
  }

  /** Stops every container as Cloud Run does, SIGTERM, and SIGKILL after ten seconds, and starts no more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#instances.values(), ...this.#retired].map(stop));
  }
}

function requireWanted({ isStopping }: RevisionInstance, { name }: Revision): void {
  if (isStopping) throw new StartupError(`${name} was stopped before it took requests`);
}

async function stop(instance: RevisionInstance): Promise<void> {
  instance.isStopping = true;
  await instance.supervised?.stop();
}

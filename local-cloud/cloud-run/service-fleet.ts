import { fileURLToPath } from 'node:url';
import type { Clock } from '../clock.ts';
import { SupervisedService } from './supervisor.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const containerNetwork = new URL('container-network.ts', import.meta.url).href;

/** The service processes of one local cloud, by name. */
export class ServiceFleet {
  readonly #options: {
    clock: Clock;
    onNotice: (sentence: string) => void;
    onServiceLine: (service: string, line: string) => void;
  };
  readonly #services = new Map<string, SupervisedService>();

  constructor(options: {
    clock: Clock;
    onNotice: (sentence: string) => void;
    onServiceLine: (service: string, line: string) => void;
  }) {
    this.#options = options;
  }

  /**
   * Starts every service from its source, `services/<name>/main.ts`, all at once.
   *
   * @throws {StartupError} of the first that does not listen; `stop` ends the others.
   */
  async start(
    services: readonly { name: string; environment: Record<string, string> }[],
    homeFolder: string,
  ): Promise<void> {
    const { clock, onNotice, onServiceLine } = this.#options;
    const starts = services.map(({ name, environment }) => {
      const service = new SupervisedService({
        name,
        command: process.execPath,
        args: ['--import', containerNetwork, `services/${name}/main.ts`],
        cwd: root,
        env: environment,
        hostEnv: process.env,
        homeFolder,
        clock,
        onLine: (line) => onServiceLine(name, line),
        onEvent: onNotice,
      });
      this.#services.set(name, service);
      return service.start();
    });
    await Promise.all(starts);
  }

  /** The port on which a service listens; `undefined` while it does not. */
  portOf(name: string): number | undefined {
    return this.#services.get(name)?.port;
  }

  pidOf(name: string): number | undefined {
    return this.#services.get(name)?.pid;
  }

  /** Stops every service as Cloud Run does: SIGTERM, and SIGKILL after ten seconds. */
  async stop(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
  }
}

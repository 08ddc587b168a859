import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Clock, Timer } from '../clock.ts';
import { containerEnvironment } from './container-environment.ts';
import { freePort } from './free-port.ts';
import { OrphanGuard } from './orphan-guard.ts';
import { defaultStartupProbe, type Probe, passesProbe, startupBudgetMs } from './probe.ts';

export interface SupervisedServiceOptions {
  /** Name of the Cloud Run service. */
  name: string;
  /** Name of the revision, the container's `K_REVISION`. */
  revision: string;
  command: string;
  args: readonly string[];
  /** Working folder; default: that of this process. */
  cwd?: string;
  /** The service's own variables: nothing else of the machine's environment gets through. */
  env: Readonly<Record<string, string>>;
  /** The environment of the local cloud's process; `PATH` and the like are taken from it. */
  hostEnv: Readonly<Record<string, string | undefined>>;
  /** An empty folder that becomes the service's `HOME`. */
  homeFolder: string;
  clock: Clock;
  /** A line that the service wrote. */
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
  /** What happened to the service, in a sentence. */
  onEvent(sentence: string): void;
  /** Default: that it listens within 4 minutes. */
  startupProbe?: Probe | undefined;
  /** Default: none. */
  livenessProbe?: Probe | undefined;
  /** Between SIGTERM and SIGKILL: https://cloud.google.com/run/docs/container-contract#instance-shutdown */
  stopTimeoutMs?: number;
}

/** A container did not come up in time, or ended before it did. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

/** More often than any configured period: nobody should wait for a service that is up. */
const probeEveryMs = 20;
const firstRestartAfterMs = 500;
const longestRestartAfterMs = 10_000;
/** A service that ran this long has recovered: its next crash is restarted fast again. */
const recoveredAfterMs = 60_000;

interface Running {
  child: ChildProcess;
  port: number;
  /** Resolves when the process is gone, to how it ended: `exit code 1`, `SIGKILL`. */
  ended: Promise<string>;
  ready: boolean;
}

/** One service process: started, probed, restarted when it crashes, stopped as Cloud Run does. */
export class SupervisedService {
  readonly #options: SupervisedServiceOptions;
  readonly #guard = new OrphanGuard();
  #running: Running | undefined;
  #restart: Timer | undefined;
  #crashes = 0;
  #stopping = false;

  constructor(options: SupervisedServiceOptions) {
    this.#options = options;
  }

  /** The port it listens on; `undefined` while it does not. */
  get port(): number | undefined {
    return this.#running?.ready ? this.#running.port : undefined;
  }

  /** Process id, while there is a process. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /**
   * Starts the service; resolves when it listens. Throws {@link StartupError} if it ends before or
   * does not listen in time: the first start is not tried again, as it would fail the same way.
   */
  async start(): Promise<void> {
    try {
      await this.#launch();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** SIGTERM, then SIGKILL after the stop timeout. Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#restart?.cancel();
    const running = this.#running;
    if (running) {
      const { clock, name, stopTimeoutMs = 10_000 } = this.#options;
      signalGroup(running.child, 'SIGTERM');
      const kill = clock.after(stopTimeoutMs, () => {
        this.#options.onEvent(
          `${name} did not end within ${stopTimeoutMs / 1000} s of SIGTERM; killing it`,
        );
        signalGroup(running.child, 'SIGKILL');
      });
      await running.ended;
      kill.cancel();
    }
    this.#guard.watch(undefined);
    this.#guard.close();
  }

  async #launch(): Promise<void> {
    const { name, revision, command, args, cwd, env, hostEnv, homeFolder, onLine } = this.#options;
    const port = await freePort();
    if (this.#stopping) return;
    const child = spawn(command, args, {
      ...(cwd !== undefined && { cwd }),
      env: containerEnvironment({ service: name, revision, port, env, hostEnv, homeFolder }),
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group: Ctrl-C in a terminal reaches only this process, which then stops the
      // services in order; and whatever a service started is stopped with it.
      detached: process.platform !== 'win32',
    });
    this.#guard.watch(child.pid);
    forwardLines(child.stdout, (line) => onLine(line, 'stdout'));
    forwardLines(child.stderr, (line) => onLine(line, 'stderr'));
    const running: Running = { child, port, ended: endOf(child), ready: false };
    this.#running = running;
    void running.ended.then((how) => this.#ended(running, how));
    await this.#listening(running);
  }

  /** Resolves when the process has passed its startup probe. */
  async #listening(running: Running): Promise<void> {
    const { clock, name, startupProbe = defaultStartupProbe } = this.#options;
    const deadline = clock.now() + startupBudgetMs(startupProbe);
    let end: string | undefined;
    void running.ended.then((how) => {
      end = how;
    });
    for (;;) {
      const passes = await passesProbe(running.port, startupProbe, clock);
      if (end !== undefined) {
        throw new StartupError(`${name} ended (${end}) before it listened on PORT=${running.port}`);
      }
      if (passes) break;
      if (clock.now() >= deadline) {
        signalGroup(running.child, 'SIGKILL');
        const seconds = startupBudgetMs(startupProbe) / 1000;
        const what = startupProbe.http
          ? `did not pass its startup probe (${startupProbe.http.path})`
          : `did not listen on PORT=${running.port}`;
        throw new StartupError(`${name} ${what} within ${seconds} s`);
      }
      await Promise.race([
        running.ended,
        new Promise<void>((resolve) => clock.after(probeEveryMs, resolve)),
      ]);
    }
    running.ready = true;
    const recovered = clock.after(recoveredAfterMs, () => {
      this.#crashes = 0;
    });
    const endLiveness = this.#watchLiveness(running);
    void running.ended.then(() => {
      recovered.cancel();
      endLiveness();
    });
  }

  /** Kills a process that fails its liveness probe: it is then started again like one that crashed. */
  #watchLiveness({ child, port }: Running): () => void {
    const { clock, name, livenessProbe: probe, onEvent } = this.#options;
    if (!probe) return () => undefined;
    let failures = 0;
    let timer: Timer;
    let isOver = false;
    const check = async () => {
      failures = (await passesProbe(port, probe, clock)) ? 0 : failures + 1;
      if (isOver) return;
      if (failures < probe.failureThreshold) {
        timer = clock.after(probe.periodMs, check);
        return;
      }
      onEvent(`${name} failed its liveness probe ${failures} times; killing it`);
      signalGroup(child, 'SIGKILL');
    };
    timer = clock.after(probe.initialDelayMs + probe.periodMs, check);
    return () => {
      isOver = true;
      timer.cancel();
    };
  }

  #ended(running: Running, how: string): void {
    const wasReady = running.ready;
    running.ready = false;
    this.#guard.watch(undefined);
    this.#running = undefined;
    if (this.#stopping) return;
    const isRestart = this.#crashes > 0;
    if (wasReady || isRestart) this.#scheduleRestart(`ended (${how})`);
  }

  #scheduleRestart(what: string): void {
    const { clock, name, onEvent } = this.#options;
    const delayMs = Math.min(firstRestartAfterMs * 2 ** this.#crashes, longestRestartAfterMs);
    this.#crashes += 1;
    onEvent(`${name} ${what}; starting it again in ${delayMs / 1000} s`);
    this.#restart = clock.after(delayMs, () => {
      this.#launch().then(
        () => !this.#stopping && onEvent(`${name} is running again`),
        (error: unknown) => {
          // After a StartupError the process ends, and that schedules the next start.
          if (error instanceof StartupError || this.#stopping) return;
          this.#scheduleRestart(`could not be started (${(error as Error).message})`);
        },
      );
    });
  }
}

/** Calls back for every line, also for the last one without a line feed. */
function forwardLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (!stream) return;
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
    // What it started and left behind goes with it, and lets go of its output.
    child.once('exit', () => signalGroup(child, 'SIGKILL'));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

/** Signals a process and everything that it started. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It is gone already.
  }
}

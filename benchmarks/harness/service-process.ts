import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How to start a program: Node's arguments, and what is set for it wherever it runs. */
export interface Program {
  args: readonly string[];
  environment: Record<string, string>;
  workingFolder: string;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Longest time that a start may take, in milliseconds. */
const startLimitMs = 30_000;

/** A service in a process of its own, with an environment that holds nothing but what it is given. */
export class ServiceProcess {
  readonly pid: number;
  readonly port: number;
  /** From the start of the process until its port took a connection, in milliseconds. */
  readonly listeningAfterMs: number;
  /** When the process was started, by `performance.now()`. */
  readonly startedAt: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, startedAt: number, listeningAt: number) {
    this.#child = child;
    this.pid = Number(child.pid);
    this.port = port;
    this.startedAt = startedAt;
    this.listeningAfterMs = listeningAt - startedAt;
  }

  /** @throws {Error} with what the program wrote, if it ends or does not listen in time. */
  static async start(options: {
    program: Program;
    environment: Record<string, string>;
    /** Where its output goes, as a container's log does. */
    logFile: string;
  }): Promise<ServiceProcess> {
    const { program, environment, logFile } = options;
    const port = await freePort();
    const log = openSync(logFile, 'w');
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...program.args], {
      cwd: program.workingFolder,
      env: { ...program.environment, ...environment, PORT: String(port) },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    const limit = startedAt + startLimitMs;
    while (!(await takesConnection(port))) {
      if (child.exitCode !== null || performance.now() > limit) {
        child.kill('SIGKILL');
        throw new Error(`${program.args.join(' ')}: ${readFileSync(logFile, 'utf8')}`);
      }
      await sleep(1);
    }
    return new ServiceProcess(child, port, startedAt, performance.now());
  }

  /**
   * Ends it at once: nothing is lost that anybody would miss, and a drain would take seconds. `SIGTERM` lets
   * it end by itself.
   */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    await gone;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function takesConnection(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

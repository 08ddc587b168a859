import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type {
  CloudCommands,
  CloudReady,
  CommandAnswer,
  CommandName,
  CommandRequest,
  Lifetimes,
} from './cloud-messages.ts';

const program = fileURLToPath(new URL('cloud-process.ts', import.meta.url));

/** The local cloud with the bundles of both services, in a process of its own. */
export class CloudUnderTest {
  readonly ready: CloudReady;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: CommandAnswer) => void>();
  #lastId = 0;

  private constructor(child: ChildProcess, ready: CloudReady) {
    this.#process = child;
    this.ready = ready;
    child.on('message', (answer: CommandAnswer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    child.once('exit', () => {
      for (const [id, settle] of this.#waiting) settle({ id, error: 'the local cloud has ended' });
      this.#waiting.clear();
    });
  }

  /**
   * Resolves when both services have started.
   *
   * @param lifetimes of all tokens; default: Google's
   * @throws {Error} if the services do not start
   */
  static async start(lifetimes?: Lifetimes): Promise<CloudUnderTest> {
    const child = fork(program, lifetimes ? [JSON.stringify(lifetimes)] : []);
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the local cloud ended with ${code} before it was ready`);
    });
    const [ready] = await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined);
    return new CloudUnderTest(child, ready as CloudReady);
  }

  /** @throws {Error} what went wrong there, or that it has ended */
  async ask<Name extends CommandName>(
    command: Name,
  ): Promise<Awaited<ReturnType<CloudCommands[Name]>>> {
    this.#lastId += 1;
    const request: CommandRequest = { id: this.#lastId, command };
    const answer = await new Promise<CommandAnswer>((resolve) => {
      this.#waiting.set(request.id, resolve);
      if (this.#process.connected) this.#process.send(request);
      else resolve({ id: request.id, error: 'the local cloud has ended' });
    });
    if ('error' in answer) throw new Error(answer.error);
    return answer.result as Awaited<ReturnType<CloudCommands[Name]>>;
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }
}

import { type ChildProcess, fork } from 'node:child_process';

/** What a worker process can be asked to do, by name. Arguments and results travel as JSON would. */
export type Tasks = Record<string, (argument: never) => unknown>;

type Answer = { id: number; result?: unknown; error?: string };

/** Makes this process a worker: it does the tasks that its parent asks for, and ends with it. */
export function serveTasks(tasks: Tasks): void {
  process.on(
    'message',
    async ({ id, name, argument }: { id: number; name: string; argument: never }) => {
      try {
        process.send?.({ id, result: await tasks[name]?.(argument) } satisfies Answer);
      } catch (error) {
        process.send?.({ id, error: String((error as Error).stack ?? error) } satisfies Answer);
      }
    },
  );
  process.on('disconnect', () => process.exit());
}

/** A process of its own for work that must not be counted with anybody else's. */
export class Worker<T extends Tasks> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;

  /** @param file a module that calls {@link serveTasks} */
  constructor(file: string) {
    this.#process = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#process.on('message', ({ id, result, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
    });
    const fail = (error: Error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
    };
    this.#process.on('error', fail);
    this.#process.on('exit', (code) => fail(new Error(`${file} ended: ${code}`)));
  }

  /** @throws what the task threw, as text. */
  ask<Name extends keyof T & string>(
    name: Name,
    argument: Parameters<T[Name]>[0],
  ): Promise<Awaited<ReturnType<T[Name]>>> {
    this.#asked += 1;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#asked, waiting);
    this.#process.send({ id: this.#asked, name, argument });
    return waiting.promise as Promise<Awaited<ReturnType<T[Name]>>>;
  }

  stop(): void {
    this.#process.disconnect();
  }
}

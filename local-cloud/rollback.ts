/** What has been started and must be stopped, in reverse order. */
export class Rollback {
  #steps: (() => unknown)[] = [];
  #running: Promise<void> | undefined;

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Runs every step once, also if one of them fails; safe to call again. */
  run(): Promise<void> {
    this.#running ??= (async () => {
      for (const step of this.#steps.splice(0).reverse()) {
        await Promise.resolve()
          .then(step)
          .catch(() => undefined);
      }
    })();
    return this.#running;
  }
}

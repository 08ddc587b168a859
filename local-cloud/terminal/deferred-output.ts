/**
 * Writes lines a moment later, all that have come together at once: whoever causes a line shall not wait
 * until it is worded and a terminal has taken it. The order is kept.
 */
export class DeferredOutput {
  readonly #write: (text: string) => void;
  #lines: (() => string)[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** @param line called when it is written; without its line break */
  print(line: () => string): void {
    this.#lines.push(line);
    if (this.#lines.length === 1) setImmediate(() => this.flush());
  }

  /** Writes what is waiting now, before the process ends. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    this.#write(lines.map((line) => `${line()}\n`).join(''));
  }
}

import type { DestinationStream } from 'pino';

/**
 * Hands lines on together: the first at once, those of the next few milliseconds in one piece. Each write
 * wakes a thread, which costs about as much as making the line; under load one write then serves for
 * many lines, and a line that comes alone waits for nothing.
 *
 * Cloud Run may take the CPU away after an answer, so a line may be written when the next request comes.
 * It says itself when it was made.
 */
export class GatheredOutput implements DestinationStream {
  readonly #output: DestinationStream;
  readonly #pauseMs: number;
  #waiting: string[] = [];
  #pause: NodeJS.Timeout | undefined;

  /** @param pauseMs at least this long passes between two writes, in milliseconds */
  constructor(output: DestinationStream, pauseMs: number) {
    this.#output = output;
    this.#pauseMs = pauseMs;
  }

  write(line: string): void {
    this.#waiting.push(line);
    if (this.#pause === undefined) this.flush();
  }

  /** Hands on what waits, without another pause; to another output when the usual one is too late for it. */
  flush(output: DestinationStream = this.#output): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    if (this.#waiting.length === 0) return;
    output.write(this.#waiting.join(''));
    this.#waiting = [];
    // A process that has nothing else to do may end: it flushes then.
    this.#pause = setTimeout(() => this.flush(), this.#pauseMs).unref();
  }
}

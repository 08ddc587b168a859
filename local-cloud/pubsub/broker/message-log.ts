import { overheadBytes } from '../delivery/backlog-bounds.ts';
import { Fifo } from '../delivery/fifo.ts';
import type { PublishedMessage } from './message.ts';

/** The last messages of one topic, whoever has consumed them. */
export class MessageLog {
  readonly #messages = new Fifo<PublishedMessage>();
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor({ maxMessages, maxBytes }: { maxMessages: number; maxBytes: number }) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  add(message: PublishedMessage): void {
    this.#messages.push(message);
    this.#bytes += message.size + overheadBytes;
    while (this.#messages.length > this.#maxMessages || this.#bytes > this.#maxBytes) {
      const oldest = this.#messages.shift();
      if (!oldest) return;
      this.#bytes -= oldest.size + overheadBytes;
    }
  }

  /** A copy, oldest first. */
  toArray(): PublishedMessage[] {
    return this.#messages.toArray();
  }
}

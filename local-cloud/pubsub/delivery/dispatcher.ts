import type { ApiError } from '../../network/api-error.ts';
import type { Consumer } from './consumer.ts';
import type { LeasedMessage } from './delivery.ts';

export interface DispatcherSource {
  hasReady(): boolean;
  take(consumer: Consumer): LeasedMessage[];
}

/** Shares what is ready among the consumers of one subscription. */
export class Dispatcher {
  readonly #source: DispatcherSource;
  readonly #consumers = new Set<Consumer>();
  #isAwake = false;

  constructor(source: DispatcherSource) {
    this.#source = source;
  }

  attach(consumer: Consumer): void {
    this.#consumers.add(consumer);
    this.wake();
  }

  detach(consumer: Consumer): void {
    this.#consumers.delete(consumer);
  }

  /** Delivers at the end of this turn of the event loop, so that what is published together goes out together. */
  wake(): void {
    if (this.#isAwake || this.#consumers.size === 0 || !this.#source.hasReady()) return;
    this.#isAwake = true;
    setImmediate(() => {
      this.#isAwake = false;
      this.#dispatch();
    });
  }

  close(error: ApiError): void {
    const consumers = [...this.#consumers];
    this.#consumers.clear();
    for (const consumer of consumers) consumer.end(error);
  }

  #dispatch(): void {
    for (let progress = true; progress; ) {
      progress = false;
      for (const consumer of [...this.#consumers]) {
        if (!this.#source.hasReady()) return;
        const canTake = this.#consumers.has(consumer) && consumer.hasRoom && consumer.isReady();
        if (!canTake) continue;
        const batch = this.#source.take(consumer);
        if (batch.length === 0) continue;
        progress = true;
        // Whoever was served waits until the others have had their turn.
        if (this.#consumers.delete(consumer)) this.#consumers.add(consumer);
        consumer.deliver(batch);
      }
    }
  }
}

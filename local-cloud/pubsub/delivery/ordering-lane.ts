import type { Consumer } from './consumer.ts';
import type { Delivery } from './delivery.ts';
import { Fifo } from './fifo.ts';
import type { ListNode } from './linked-list.ts';

/**
 * The messages of one ordering key, https://cloud.google.com/pubsub/docs/ordering
 *
 * Handed out strictly in order, and to one consumer at a time while any of them is outstanding. When
 * one is redelivered, so is every later one, even if it was acknowledged; therefore an
 * acknowledgement counts only once all earlier messages are acknowledged.
 */
export class OrderingLane {
  readonly key: string;
  /** Its place among what can be handed out. */
  readyPlace: ListNode<Delivery | OrderingLane> | undefined;
  /** It rests until then (the subscription's retry policy), milliseconds since the Unix epoch. */
  restsUntilMs = 0;
  readonly #deliveries = new Fifo<Delivery>();
  /** How many of them, counted from the oldest, are handed out. */
  #handedOut = 0;
  #holder: Consumer | undefined;

  constructor(key: string) {
    this.key = key;
  }

  get isEmpty(): boolean {
    return this.#deliveries.length === 0;
  }

  get hasWaiting(): boolean {
    return this.#handedOut < this.#deliveries.length;
  }

  push(delivery: Delivery): void {
    this.#deliveries.push(delivery);
  }

  /** The next message, if this consumer may have it now. */
  nextFor(consumer: Consumer): Delivery | undefined {
    if (this.#holder && this.#holder !== consumer) return undefined;
    return this.#deliveries.at(this.#handedOut);
  }

  /** The message of {@link nextFor} was handed out. */
  handedOutTo(consumer: Consumer): void {
    this.#handedOut += 1;
    this.#holder = consumer;
  }

  /** Takes out the oldest messages as far as they are acknowledged. */
  takeSettled(): Delivery[] {
    const settled: Delivery[] = [];
    while (this.#handedOut > 0 && this.#deliveries.at(0)?.isAcknowledged) {
      const delivery = this.#shift();
      if (delivery) settled.push(delivery);
    }
    return settled;
  }

  /** Takes out the oldest message, whatever its state. */
  dropOldest(): void {
    this.#shift();
  }

  /** Goes back to before `delivery`; answers it and all later ones that were handed out. */
  rewindTo(delivery: Delivery): Delivery[] {
    let first = 0;
    while (first < this.#handedOut && this.#deliveries.at(first) !== delivery) first += 1;
    const rewound: Delivery[] = [];
    for (let index = first; index < this.#handedOut; index += 1) {
      const later = this.#deliveries.at(index);
      if (later) rewound.push(later);
    }
    this.#handedOut = first;
    this.#freeIfUnheld();
    return rewound;
  }

  #shift(): Delivery | undefined {
    if (this.#handedOut > 0) this.#handedOut -= 1;
    this.#freeIfUnheld();
    return this.#deliveries.shift();
  }

  #freeIfUnheld(): void {
    if (this.#handedOut === 0) this.#holder = undefined;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { postMessage, type TestCloud } from '../support/cloud.ts';
import type { Ledger } from './ledger.ts';

/** Clients that send at the same time. */
const clients = 20;
/** Every other message is sent again when it failed, as often as this, with the same key. */
const mostTries = 4;
/** How long a client waits after a failure: one that does not would only count refused connections. */
const pauseMs = 50;

/** Senders that go on until they are stopped; what they send and hear goes into the ledger. */
export class Traffic {
  readonly #cloud: TestCloud;
  readonly #ledger: Ledger;
  readonly #name: string;
  #number = 0;
  #isOver = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: { cloud: TestCloud; ledger: Ledger; name: string }) {
    this.#cloud = options.cloud;
    this.#ledger = options.ledger;
    this.#name = options.name;
  }

  /** How many messages have been begun. */
  get messages(): number {
    return this.#number;
  }

  start(): void {
    this.#running = Promise.all(Array.from({ length: clients }, () => this.#client()));
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #client(): Promise<void> {
    while (!this.#isOver) {
      this.#number += 1;
      const id = `${this.#name}-${this.#number}`;
      const text = `${id} é ${'x'.repeat(this.#number % 500)}`;
      this.#ledger.sent(id, text);
      const tries = this.#number % 2 === 0 ? mostTries : 1;
      for (let i = 0; i < tries; i++) {
        const status = await this.#send(id, text);
        this.#ledger.answered(id, status);
        if (status > 0 && status < 500) break;
        await sleep(pauseMs);
      }
    }
  }

  async #send(id: string, text: string): Promise<number> {
    const key = { 'idempotency-key': id };
    return await postMessage(this.#cloud, { text }, key).then(
      ({ status }) => status,
      () => 0,
    );
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { postMessage, type TestCloud } from '../support/cloud.ts';
import type { Answer, Ledger } from './ledger.ts';

/** Clients that send at the same time. */
export const clients = 20;
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

  /** The id of a message, by its number. */
  idOf(number: number): string {
    return `${this.#name}-${number}`;
  }

  async #client(): Promise<void> {
    while (!this.#isOver) {
      this.#number += 1;
      const number = this.#number;
      const id = this.idOf(number);
      const text = `${id} é ${'x'.repeat(number % 500)}`;
      // Some that are sent once leave it to the caller to choose a key.
      const key = number % 4 === 1 ? undefined : id;
      this.#ledger.sent(id, text, key);
      const tries = number % 2 === 0 ? mostTries : 1;
      for (let i = 0; i < tries; i++) {
        const answer = await this.#send(text, key);
        this.#ledger.answered(id, answer);
        if (answer.status > 0 && answer.status < 500) break;
        await sleep(pauseMs);
      }
    }
  }

  async #send(text: string, key: string | undefined): Promise<Answer> {
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    return await postMessage(this.#cloud, { text }, headers).then(
      ({ status, body }) => ({
        status,
        code: body?.upstream?.code ?? body?.code,
        messageId: body?.messageId,
        idempotencyKey: body?.idempotencyKey,
      }),
      (error: Error) => ({ status: 0, code: String(error.cause ?? error) }),
    );
  }
}

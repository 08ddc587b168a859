/** Pub/Sub takes this much in one request: https://cloud.google.com/pubsub/quotas#resource_limits */
const limits = { messages: 1_000, bytes: 9_000_000 };
/** Longest wait for the answer to an earlier request, in milliseconds: one that hangs must not hold up others. */
const longestWaitMs = 5;

interface Waiting<Message> {
  message: Message;
  bytes: number;
  resolve(id: string): void;
  reject(error: unknown): void;
}

/**
 * Groups messages into requests by itself. With no request under way a message is sent at once. While
 * one is, messages gather until its answer is there, and go together: the busier, the fewer requests
 * for each message, without a waiting time that somebody would have to choose.
 */
export class Batches<Message> {
  readonly #send: (messages: Message[]) => Promise<string[]>;
  readonly #sizeOf: (message: Message) => number;
  readonly #isRejected: (error: unknown) => boolean;
  #waiting: Waiting<Message>[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: {
    /** Sends messages in one request and resolves with an id for each. */
    send: (messages: Message[]) => Promise<string[]>;
    /** Bytes of a message in a request, at least roughly. */
    sizeOf: (message: Message) => number;
    /** Whether an error says that the request itself is bad, and would be at every other try. */
    isRejected: (error: unknown) => boolean;
  }) {
    this.#send = options.send;
    this.#sizeOf = options.sizeOf;
    this.#isRejected = options.isRejected;
  }

  /** Sends a message, alone or with others. Resolves with its id, or throws what `send` throws. */
  add(message: Message): Promise<string> {
    return new Promise((resolve, reject) => {
      const bytes = this.#sizeOf(message);
      if (this.#waitingBytes + bytes > limits.bytes) this.#sendWaiting();
      this.#waiting.push({ message, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      if (this.#underWay.size === 0 || this.#waiting.length === limits.messages) {
        this.#sendWaiting();
      } else {
        this.#timer ??= setTimeout(() => this.#sendWaiting(), longestWaitMs);
      }
    });
  }

  /** Sends what waits, and resolves when nothing is under way any more. Never throws. */
  async flush(): Promise<void> {
    this.#sendWaiting();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #sendWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const request = this.#sendBatch(batch).finally(() => {
      this.#underWay.delete(request);
      this.#sendWaiting();
    });
    this.#underWay.add(request);
  }

  async #sendBatch(batch: readonly Waiting<Message>[]): Promise<void> {
    try {
      const ids = await this.#send(batch.map(({ message }) => message));
      if (ids.length !== batch.length) {
        throw new Error(`${ids.length} ids for ${batch.length} messages`);
      }
      for (const [i, { resolve }] of batch.entries()) resolve(String(ids[i]));
    } catch (error) {
      if (batch.length === 1 || !this.#isRejected(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // Whichever was the bad one must not take the others along. By halves it is found in a few requests;
      // one for each message would let a single bad one cost Pub/Sub a thousand.
      const middle = Math.ceil(batch.length / 2);
      await Promise.all(
        [batch.slice(0, middle), batch.slice(middle)].map((half) => this.#sendBatch(half)),
      );
    }
  }
}

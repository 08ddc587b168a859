import type { ApiError } from '../../network/api-error.ts';
import type { LeasedMessage } from './delivery.ts';

export interface ConsumerOptions {
  /** How many unacknowledged messages it wants at most; no limit if 0 or less. */
  maxOutstandingMessages: number;
  /** It gets no more while it holds this many bytes; no limit if 0 or less. */
  maxOutstandingBytes: number;
  /** Instead of the subscription's. */
  ackDeadlineSeconds?: number;
  /** Asked before each batch; `false` while it cannot take any. */
  isReady(): boolean;
  /** Takes a batch, at least one message. */
  deliver(batch: readonly LeasedMessage[]): void;
  /** The subscription is gone or the server stops; called once, after it nothing comes. */
  end(error: ApiError): void;
}

/** One pull or one stream, and what it holds. */
export class Consumer {
  ackDeadlineSeconds: number | undefined;
  readonly isReady: () => boolean;
  readonly deliver: (batch: readonly LeasedMessage[]) => void;
  readonly end: (error: ApiError) => void;
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #messages = 0;
  #bytes = 0;

  constructor(options: ConsumerOptions) {
    this.#maxMessages = unlimitedUnlessPositive(options.maxOutstandingMessages);
    this.#maxBytes = unlimitedUnlessPositive(options.maxOutstandingBytes);
    this.ackDeadlineSeconds = options.ackDeadlineSeconds;
    this.isReady = options.isReady;
    this.deliver = options.deliver;
    this.end = options.end;
  }

  /**
   * Whether it may be given one more message. As at Google the bytes are compared before the message
   * is sent, so that one that is larger than the limit still arrives.
   */
  get hasRoom(): boolean {
    return this.#messages < this.#maxMessages && this.#bytes < this.#maxBytes;
  }

  took(bytes: number): void {
    this.#messages += 1;
    this.#bytes += bytes;
  }

  released(bytes: number): void {
    this.#messages -= 1;
    this.#bytes -= bytes;
  }
}

function unlimitedUnlessPositive(limit: number): number {
  return limit > 0 ? limit : Number.POSITIVE_INFINITY;
}

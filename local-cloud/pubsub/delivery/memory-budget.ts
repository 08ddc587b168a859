import { overheadBytes } from './backlog-bounds.ts';

/** A part of the broker that holds messages and can drop its oldest. */
export interface MemoryHolder {
  readonly bytes: number;
  /** Drops the oldest message to make room. */
  makeRoom(): void;
}

/** Bounds the bytes that all subscriptions hold together. */
export class MemoryBudget {
  readonly limit: number;
  readonly #holders = new Set<MemoryHolder>();
  #used = 0;

  constructor(limitBytes: number) {
    this.limit = limitBytes;
  }

  get used(): number {
    return this.#used;
  }

  join(holder: MemoryHolder): void {
    this.#holders.add(holder);
  }

  leave(holder: MemoryHolder): void {
    if (this.#holders.delete(holder)) this.#used -= holder.bytes;
  }

  /** Books one message; then the largest backlogs lose messages until the budget is kept. */
  take(payloadBytes: number): void {
    this.#used += payloadBytes + overheadBytes;
    while (this.#used > this.limit) {
      const largest = this.#largest();
      if (!largest) return;
      largest.makeRoom();
    }
  }

  give(payloadBytes: number): void {
    this.#used -= payloadBytes + overheadBytes;
  }

  #largest(): MemoryHolder | undefined {
    let largest: MemoryHolder | undefined;
    for (const holder of this.#holders) {
      if (holder.bytes > (largest?.bytes ?? 0)) largest = holder;
    }
    return largest;
  }
}

/** Shifting an array of 100,000 moves all of them; so the head moves instead, up to this many times. */
const compactAfter = 1024;

/** A first-in, first-out queue with constant-time ends and access by position. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > compactAfter && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** The item at a position, counted from the oldest. */
  at(index: number): T | undefined {
    return this.#items[this.#head + index];
  }

  /** A copy of the items, oldest first. */
  toArray(): T[] {
    return this.#items.slice(this.#head) as T[];
  }
}

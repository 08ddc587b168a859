/** Values by the time at which they fall due: a binary heap. */
export class DueQueue<T> {
  readonly #heap: { dueMs: number; value: T }[] = [];

  get length(): number {
    return this.#heap.length;
  }

  /** When the earliest value is due; `undefined` if there is none. */
  get earliestMs(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  push(dueMs: number, value: T): void {
    const heap = this.#heap;
    const item = { dueMs, value };
    let index = heap.push(item) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (!parent || parent.dueMs <= dueMs) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = item;
  }

  /** Takes out the earliest value if it is due by `nowMs`. */
  takeDue(nowMs: number): T | undefined {
    const heap = this.#heap;
    const earliest = heap[0];
    if (!earliest || earliest.dueMs > nowMs) return undefined;
    const last = heap.pop();
    if (last && heap.length > 0) this.#sink(last);
    return earliest.value;
  }

  /** A copy, in no particular order. */
  toArray(): { dueMs: number; value: T }[] {
    return [...this.#heap];
  }

  clear(): void {
    this.#heap.length = 0;
  }

  #sink(item: { dueMs: number; value: T }): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const leftItem = heap[left];
      if (!leftItem) break;
      const rightItem = heap[left + 1];
      const useRight = rightItem !== undefined && rightItem.dueMs < leftItem.dueMs;
      const child = useRight ? rightItem : leftItem;
      if (child.dueMs >= item.dueMs) break;
      heap[index] = child;
      index = useRight ? left + 1 : left;
    }
    heap[index] = item;
  }
}

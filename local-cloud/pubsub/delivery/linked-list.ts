/** An element's place in a {@link LinkedList}, by which it is taken out again. */
export interface ListNode<T> {
  readonly value: T;
  previous: ListNode<T> | undefined;
  next: ListNode<T> | undefined;
}

/** A queue from whose middle elements are taken in constant time, which arrays cannot. */
export class LinkedList<T> {
  #first: ListNode<T> | undefined;
  #last: ListNode<T> | undefined;
  #length = 0;

  get first(): ListNode<T> | undefined {
    return this.#first;
  }

  get length(): number {
    return this.#length;
  }

  append(value: T): ListNode<T> {
    const node: ListNode<T> = { value, previous: this.#last, next: undefined };
    if (this.#last) this.#last.next = node;
    else this.#first = node;
    this.#last = node;
    this.#length += 1;
    return node;
  }

  /** `node` must be in this list; it keeps its `next`, so that a walk over the list can go on. */
  remove(node: ListNode<T>): void {
    if (node.previous) node.previous.next = node.next;
    else this.#first = node.next;
    if (node.next) node.next.previous = node.previous;
    else this.#last = node.previous;
    this.#length -= 1;
  }
}

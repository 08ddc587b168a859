import type { PublishedMessage } from '../broker/message.ts';
import { overheadBytes } from './backlog-bounds.ts';
import type { Consumer } from './consumer.ts';
import type { Delivery } from './delivery.ts';
import { LinkedList } from './linked-list.ts';
import { OrderingLane } from './ordering-lane.ts';

/** The unacknowledged messages of one subscription, and which of them can be handed out. */
export class Backlog {
  /** In the order of publishing. */
  readonly #all = new LinkedList<Delivery>();
  /** Messages without order, and lanes that have messages waiting. */
  readonly #ready = new LinkedList<Delivery | OrderingLane>();
  readonly #lanes = new Map<string, OrderingLane>();
  #bytes = 0;

  get length(): number {
    return this.#all.length;
  }

  /** Payload and what it costs to keep track of it. */
  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): Delivery | undefined {
    return this.#all.first?.value;
  }

  get hasReady(): boolean {
    return this.#ready.first !== undefined;
  }

  add(message: PublishedMessage, isOrdered: boolean): void {
    const lane = isOrdered && message.orderingKey ? this.#laneOf(message.orderingKey) : undefined;
    const delivery: Delivery = {
      message,
      lane,
      lease: undefined,
      attempts: 0,
      isAcknowledged: false,
      isGone: false,
      place: undefined,
      readyPlace: undefined,
    };
    delivery.place = this.#all.append(delivery);
    this.#bytes += message.size + overheadBytes;
    if (!lane) {
      this.makeReady(delivery);
      return;
    }
    lane.push(delivery);
    if (lane.restsUntilMs === 0) this.makeReady(lane);
  }

  /** Passes messages for `consumer` to `give` while `wantsMore`; each is then no longer ready. */
  handOut(consumer: Consumer, wantsMore: () => boolean, give: (delivery: Delivery) => void): void {
    for (let node = this.#ready.first; node && wantsMore(); node = node.next) {
      const { value } = node;
      if (!(value instanceof OrderingLane)) {
        this.#unready(value);
        give(value);
        continue;
      }
      for (
        let next = value.nextFor(consumer);
        next && wantsMore();
        next = value.nextFor(consumer)
      ) {
        value.handedOutTo(consumer);
        give(next);
      }
      if (!value.hasWaiting) this.#unready(value);
    }
  }

  /** Puts a message, or a lane, at the end of what can be handed out, unless it is there already. */
  makeReady(item: Delivery | OrderingLane): void {
    item.readyPlace ??= this.#ready.append(item);
  }

  /** Keeps a lane from being handed out until it is made ready again. */
  rest(lane: OrderingLane, untilMs: number): void {
    lane.restsUntilMs = untilMs;
    this.#unready(lane);
  }

  /** Forgets a message: it was acknowledged, or is the oldest and has expired or must make room. */
  remove(delivery: Delivery): void {
    if (delivery.place) this.#all.remove(delivery.place);
    delivery.place = undefined;
    delivery.isGone = true;
    this.#bytes -= delivery.message.size + overheadBytes;
    const { lane } = delivery;
    if (!lane) this.#unready(delivery);
    else if (!lane.hasWaiting) this.#unready(lane);
    if (lane?.isEmpty) this.#lanes.delete(lane.key);
  }

  #unready(item: Delivery | OrderingLane): void {
    if (item.readyPlace) this.#ready.remove(item.readyPlace);
    item.readyPlace = undefined;
  }

  #laneOf(key: string): OrderingLane {
    const known = this.#lanes.get(key);
    if (known) return known;
    const lane = new OrderingLane(key);
    this.#lanes.set(key, lane);
    return lane;
  }
}

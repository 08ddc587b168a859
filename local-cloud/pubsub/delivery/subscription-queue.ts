import type { Clock } from '../../clock.ts';
import type { ApiError } from '../../network/api-error.ts';
import type { PublishedMessage } from '../broker/message.ts';
import { Backlog } from './backlog.ts';
import { type BoundReached, recoveredAt } from './backlog-bounds.ts';
import type { Consumer } from './consumer.ts';
import type { Delivery, LeasedMessage } from './delivery.ts';
import { Dispatcher } from './dispatcher.ts';
import type { MemoryBudget, MemoryHolder } from './memory-budget.ts';
import type { OrderingLane } from './ordering-lane.ts';
import { type Backoff, backoffMs } from './retry-policy.ts';
import { Schedule } from './schedule.ts';

/** The settings of a subscription that delivery depends on. */
export interface DeliverySettings {
  ackDeadlineSeconds: number;
  retentionMs: number;
  isOrdered: boolean;
  backoff: Backoff | undefined;
}

export interface SubscriptionQueueOptions {
  /** Full name of the subscription. */
  name: string;
  settings: DeliverySettings;
  clock: Clock;
  memory: MemoryBudget;
  maxMessages: number;
  nextAckId(): string;
  onBoundReached(event: BoundReached): void;
}

/** What falls due: a lease by its ack id, or a message or lane whose rest is over. */
type Due = string | Delivery | OrderingLane;

/** A batch is closed at this size, so that no response comes near gRPC's limits. */
const maxBatchBytes = 1024 * 1024;
const maxBatchMessages = 1000;

/**
 * Delivers the messages of one subscription, each at least once: what is handed out is leased until
 * its deadline and comes again unless it is acknowledged by then.
 * https://cloud.google.com/pubsub/docs/subscription-overview#ack_deadline
 */
export class SubscriptionQueue implements MemoryHolder {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #memory: MemoryBudget;
  readonly #maxMessages: number;
  readonly #nextAckId: () => string;
  readonly #onBoundReached: (event: BoundReached) => void;
  readonly #backlog = new Backlog();
  readonly #leased = new Map<string, Delivery>();
  readonly #schedule: Schedule<Due>;
  readonly #dispatcher: Dispatcher;
  #settings: DeliverySettings;
  #isInSpell = false;

  constructor(options: SubscriptionQueueOptions) {
    this.#name = options.name;
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#memory = options.memory;
    this.#maxMessages = options.maxMessages;
    this.#nextAckId = options.nextAckId;
    this.#onBoundReached = options.onBoundReached;
    this.#dispatcher = new Dispatcher({
      hasReady: () => this.#backlog.hasReady,
      take: (consumer) => this.take(consumer),
    });
    this.#schedule = new Schedule<Due>({
      clock: options.clock,
      run: (due, nowMs) => this.#runDue(due, nowMs),
      isCurrent: (due, dueMs) =>
        typeof due !== 'string' || this.#leased.get(due)?.lease?.deadlineMs === dueMs,
    });
    this.#memory.join(this);
  }

  /** Unacknowledged messages, outstanding ones included. */
  get length(): number {
    this.#dropExpired();
    return this.#backlog.length;
  }

  get bytes(): number {
    return this.#backlog.bytes;
  }

  configure(settings: DeliverySettings): void {
    this.#settings = settings;
  }

  add(message: PublishedMessage): void {
    this.#dropExpired();
    this.#backlog.add(message, this.#settings.isOrdered);
    if (this.#backlog.length > this.#maxMessages) {
      this.#reportBound('messagesPerSubscription', this.#maxMessages);
      this.#dropOldest();
    }
    this.#memory.take(message.size);
    this.#dispatcher.wake();
  }

  makeRoom(): void {
    this.#reportBound('bytesInAll', this.#memory.limit);
    this.#dropOldest();
  }

  /** Leases to `consumer`, oldest first, what it has room for: one batch, perhaps empty. */
  take(consumer: Consumer): LeasedMessage[] {
    this.#dropExpired();
    const batch: LeasedMessage[] = [];
    const now = this.#clock.now();
    const deadline =
      now + 1000 * (consumer.ackDeadlineSeconds ?? this.#settings.ackDeadlineSeconds);
    let bytes = 0;
    this.#backlog.handOut(
      consumer,
      () => consumer.hasRoom && bytes < maxBatchBytes && batch.length < maxBatchMessages,
      (delivery) => {
        const { message } = delivery;
        const ackId = this.#nextAckId();
        delivery.lease = { ackId, consumer, deadlineMs: deadline };
        delivery.attempts += 1;
        this.#leased.set(ackId, delivery);
        this.#schedule.at(deadline, ackId);
        consumer.took(message.size);
        bytes += message.size;
        batch.push({ ackId, message });
      },
    );
    return batch;
  }

  /** Gives `consumer` batches as messages come, until it is detached. */
  attach(consumer: Consumer): void {
    this.#dispatcher.attach(consumer);
  }

  /** What it holds stays leased: its acknowledgements may still come another way. */
  detach(consumer: Consumer): void {
    this.#dispatcher.detach(consumer);
  }

  /** To be called when a consumer becomes ready again. */
  wake(): void {
    this.#dispatcher.wake();
  }

  /** Ids that are unknown, or whose lease has ended, are passed over, as Google does. */
  acknowledge(ackIds: readonly string[]): void {
    for (const ackId of ackIds) {
      const delivery = this.#leased.get(ackId);
      if (!delivery) continue;
      this.#endLease(delivery);
      delivery.isAcknowledged = true;
      const settled = delivery.lane ? delivery.lane.takeSettled() : [delivery];
      for (const each of settled) this.#forget(each);
    }
    this.#endSpellIfRecovered();
    this.#dispatcher.wake();
  }

  /** Moves a lease's deadline to `seconds` from now; 0 hands the message out again at once. */
  modifyAckDeadline(ackId: string, seconds: number): void {
    const delivery = this.#leased.get(ackId);
    if (!delivery?.lease) return;
    if (seconds === 0) {
      this.#putBack(delivery);
      this.#dispatcher.wake();
    } else {
      delivery.lease.deadlineMs = this.#clock.now() + 1000 * seconds;
      this.#schedule.at(delivery.lease.deadlineMs, ackId);
    }
  }

  /** Ends every consumer; the queue is of no use afterwards. */
  close(error: ApiError): void {
    this.#schedule.cancel();
    this.#memory.leave(this);
    this.#dispatcher.close(error);
  }

  #endLease(delivery: Delivery): void {
    const { lease, message } = delivery;
    if (!lease) return;
    this.#leased.delete(lease.ackId);
    lease.consumer.released(message.size);
    delivery.lease = undefined;
  }

  #forget(delivery: Delivery): void {
    this.#backlog.remove(delivery);
    this.#memory.give(delivery.message.size);
  }

  /** Only acknowledgements end a spell: the messages that are dropped in it make room, too. */
  #endSpellIfRecovered(): void {
    const isRecovered =
      this.#backlog.length <= recoveredAt * this.#maxMessages &&
      this.#memory.used <= recoveredAt * this.#memory.limit;
    if (isRecovered) this.#isInSpell = false;
  }

  /** Ends the lease and lets the message, and what follows it in its lane, be handed out again. */
  #putBack(delivery: Delivery): void {
    const now = this.#clock.now();
    const rest = backoffMs(this.#settings.backoff, delivery.attempts);
    const { lane } = delivery;
    if (!lane) {
      this.#endLease(delivery);
      if (rest > 0) this.#schedule.at(now + rest, delivery);
      else this.#backlog.makeReady(delivery);
      return;
    }
    for (const each of lane.rewindTo(delivery)) {
      this.#endLease(each);
      each.isAcknowledged = false;
    }
    if (rest > 0) {
      this.#backlog.rest(lane, now + rest);
      this.#schedule.at(now + rest, lane);
    } else if (lane.restsUntilMs === 0) {
      this.#backlog.makeReady(lane);
    }
  }

  #dropOldest(): void {
    const { oldest } = this.#backlog;
    if (!oldest) return;
    this.#endLease(oldest);
    oldest.lane?.dropOldest();
    this.#forget(oldest);
    for (const each of oldest.lane?.takeSettled() ?? []) this.#forget(each);
  }

  #dropExpired(): void {
    const horizon = this.#clock.now() - this.#settings.retentionMs;
    for (let { oldest } = this.#backlog; oldest; { oldest } = this.#backlog) {
      if (oldest.message.publishTimeMs > horizon) return;
      this.#dropOldest();
    }
  }

  #reportBound(bound: BoundReached['bound'], limit: number): void {
    if (this.#isInSpell) return;
    this.#isInSpell = true;
    this.#onBoundReached({ subscription: this.#name, bound, limit });
  }

  #runDue(due: readonly Due[], nowMs: number): void {
    for (const each of due) {
      if (typeof each === 'string') this.#expireLease(each, nowMs);
      else this.#endRest(each, nowMs);
    }
    this.#dispatcher.wake();
  }

  #expireLease(ackId: string, now: number): void {
    const delivery = this.#leased.get(ackId);
    // A lease that was prolonged has a later entry of its own.
    if (delivery?.lease && delivery.lease.deadlineMs <= now) this.#putBack(delivery);
  }

  #endRest(item: Delivery | OrderingLane, now: number): void {
    if (!('restsUntilMs' in item)) {
      if (!item.isGone) this.#backlog.makeReady(item);
      return;
    }
    if (item.restsUntilMs > now) return;
    item.restsUntilMs = 0;
    if (item.hasWaiting) this.#backlog.makeReady(item);
  }
}

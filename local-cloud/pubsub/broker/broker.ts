import type { Clock } from '../../clock.ts';
import type { Principal } from '../../iam/access.ts';
import { ApiError } from '../../network/api-error.ts';
import {
  type BacklogBounds,
  type BoundReached,
  defaultBacklogBounds,
} from '../delivery/backlog-bounds.ts';
import { MemoryBudget } from '../delivery/memory-budget.ts';
import { SubscriptionQueue } from '../delivery/subscription-queue.ts';
import { alreadyExists, notFound } from '../pubsub-error.ts';
import { parseSubscriptionName, parseTopicName } from '../resource-name.ts';
import type { Duration } from './duration.ts';
import { type MessageInput, type PublishedMessage, sizeOf } from './message.ts';
import { MessageLog } from './message-log.ts';
import { type Page, type PageRequest, pageOf } from './paging.ts';
import { checkPublish } from './publish-rules.ts';
import {
  deliverySettings,
  type SubscriptionInput,
  type SubscriptionSettings,
  subscriptionSettings,
  updatedSubscriptionSettings,
} from './subscription-settings.ts';
import {
  type TopicInput,
  type TopicSettings,
  topicSettings,
  updatedTopicSettings,
} from './topic-settings.ts';

export interface BrokerOptions {
  clock: Clock;
  bounds?: Partial<BacklogBounds>;
  /** Told once each time a subscription begins to lose messages to a bound. */
  onBoundReached?: (event: BoundReached) => void;
}

export type PublishListener = (topic: string, messages: readonly PublishedMessage[]) => void;

interface Topic {
  settings: TopicSettings;
  readonly log: MessageLog;
  readonly subscriptions: Set<Subscription>;
}

/** A subscription, and the queue of what it has still to deliver. */
export interface Subscription {
  readonly settings: SubscriptionSettings;
  readonly queue: SubscriptionQueue;
}

/** What a subscription shows as its topic after that was deleted. */
const deletedTopic = '_deleted-topic_';
/** How much {@link Broker.messagesOf} remembers of each topic. */
const logBounds = { maxMessages: 10_000, maxBytes: 32 * 1024 * 1024 };

/**
 * Topics, subscriptions and messages, in memory. Knows neither IAM nor gRPC: names are full names
 * (`projects/P/topics/T`), and every method throws {@link ApiError}.
 */
export class Broker {
  readonly #clock: Clock;
  readonly #bounds: BacklogBounds;
  readonly #memory: MemoryBudget;
  readonly #onBoundReached: (event: BoundReached) => void;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription & { settings: SubscriptionSettings }>();
  readonly #listeners = new Set<PublishListener>();
  #lastMessageId: number;
  #lastAckId = 0;

  constructor({ clock, bounds, onBoundReached = () => {} }: BrokerOptions) {
    this.#clock = clock;
    this.#bounds = { ...defaultBacklogBounds, ...bounds };
    this.#memory = new MemoryBudget(this.#bounds.bytesInAll);
    this.#onBoundReached = onBoundReached;
    // Sixteen digits, as Google's; microseconds still fit a safe integer.
    this.#lastMessageId = clock.now() * 1000;
  }

  createTopic(input: TopicInput): TopicSettings {
    parseTopicName(input.name);
    const settings = topicSettings(input);
    if (this.#topics.has(input.name)) throw alreadyExists(input.name);
    this.#topics.set(input.name, {
      settings,
      log: new MessageLog(logBounds),
      subscriptions: new Set(),
    });
    return settings;
  }

  topic(name: string): TopicSettings {
    return this.#topicOf(name).settings;
  }

  /** @param maskPaths the fields to change, in snake_case */
  updateTopic(update: TopicInput, maskPaths: readonly string[]): TopicSettings {
    const topic = this.#topicOf(update.name);
    topic.settings = updatedTopicSettings(topic.settings, update, maskPaths);
    return topic.settings;
  }

  /** What the topic was told to retain; `null` if nothing, or if it was deleted. */
  retentionOfTopic(name: string): Duration | null {
    return this.#topics.get(name)?.settings.messageRetentionDuration ?? null;
  }

  /** The topics of a project, by name. */
  listTopics(project: string, page: PageRequest): Page<TopicSettings> {
    const all = Array.from(this.#topics.values(), ({ settings }) => settings);
    return pageOf(inProject(all, project), ({ name }) => name, page);
  }

  /** The names of the subscriptions of a topic. */
  listTopicSubscriptions(topic: string, page: PageRequest): Page<string> {
    const { subscriptions } = this.#topicOf(topic);
    const names = Array.from(subscriptions, ({ settings }) => settings.name);
    return pageOf(names, (name) => name, page);
  }

  /** Its subscriptions stay, and keep their messages. */
  deleteTopic(name: string): void {
    const { subscriptions } = this.#topicOf(name);
    this.#topics.delete(name);
    for (const { settings } of subscriptions) settings.topic = deletedTopic;
  }

  createSubscription(input: SubscriptionInput): SubscriptionSettings {
    const { name } = input;
    parseSubscriptionName(name);
    parseTopicName(input.topic);
    const settings = subscriptionSettings(input);
    if (this.#subscriptions.has(name)) throw alreadyExists(name);
    const topic = this.#topicOf(input.topic);
    const queue = new SubscriptionQueue({
      name,
      settings: deliverySettings(settings),
      clock: this.#clock,
      memory: this.#memory,
      maxMessages: this.#bounds.messagesPerSubscription,
      nextAckId: () => this.#nextAckId(),
      onBoundReached: this.#onBoundReached,
    });
    const subscription = { settings, queue };
    this.#subscriptions.set(name, subscription);
    topic.subscriptions.add(subscription);
    return settings;
  }

  subscription(name: string): Subscription {
    const subscription = this.#subscriptions.get(name);
    if (!subscription) throw notFound(name);
    return subscription;
  }

  /** @param maskPaths the fields to change, in snake_case */
  updateSubscription(
    update: SubscriptionInput,
    maskPaths: readonly string[],
  ): SubscriptionSettings {
    const { settings, queue } = this.subscription(update.name);
    Object.assign(settings, updatedSubscriptionSettings(settings, update, maskPaths));
    queue.configure(deliverySettings(settings));
    return settings;
  }

  /** The subscriptions of a project, by name. */
  listSubscriptions(project: string, page: PageRequest): Page<SubscriptionSettings> {
    const all = Array.from(this.#subscriptions.values(), ({ settings }) => settings);
    return pageOf(inProject(all, project), ({ name }) => name, page);
  }

  /** Ends its pulls and streams with NOT_FOUND, as at Google. */
  deleteSubscription(name: string): void {
    const subscription = this.subscription(name);
    this.#subscriptions.delete(name);
    this.#topics.get(subscription.settings.topic)?.subscriptions.delete(subscription);
    subscription.queue.close(notFound(name));
  }

  /** Answers the ids of the messages, in their order. All are published or none. */
  publish(topicName: string, inputs: readonly MessageInput[], publisher: Principal): string[] {
    const topic = this.#topicOf(topicName);
    checkPublish(inputs);
    const publishTimeMs = this.#clock.now();
    const messages = inputs.map((input) => this.#accept(input, publisher, publishTimeMs));
    for (const message of messages) {
      topic.log.add(message);
      for (const { queue } of topic.subscriptions) queue.add(message);
    }
    for (const listener of this.#listeners) listener(topicName, messages);
    return messages.map(({ id }) => id);
  }

  /** The last messages of a topic (at most 10,000 or 32 MiB), oldest first, consumed or not. */
  messagesOf(topicName: string): PublishedMessage[] {
    return this.#topicOf(topicName).log.toArray();
  }

  /** Calls `listener` for everything published from now on, until the function it answers is called. */
  onPublished(listener: PublishListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends every pull and stream. */
  close(): void {
    const error = new ApiError(
      'UNAVAILABLE',
      'The service was unable to fulfill your request. Please try again. [local cloud stopped]',
    );
    for (const { queue } of this.#subscriptions.values()) queue.close(error);
  }

  #topicOf(name: string): Topic {
    const topic = this.#topics.get(name);
    if (!topic) throw notFound(name);
    return topic;
  }

  #accept(input: MessageInput, publisher: Principal, publishTimeMs: number): PublishedMessage {
    this.#lastMessageId += 1;
    return {
      id: String(this.#lastMessageId),
      // A copy: the bytes are part of a network buffer, all of which would stay in memory.
      data: Buffer.from(input.data),
      attributes: input.attributes,
      orderingKey: input.orderingKey,
      publishTimeMs,
      publisher,
      size: sizeOf(input),
    };
  }

  /** Unique in the broker, so that no subscription takes another one's. */
  #nextAckId(): string {
    this.#lastAckId += 1;
    return `local-${this.#lastAckId.toString(36)}`;
  }
}

function inProject<T extends { name: string }>(resources: T[], project: string): T[] {
  const prefix = `projects/${project}/`;
  return resources.filter(({ name }) => name.startsWith(prefix));
}

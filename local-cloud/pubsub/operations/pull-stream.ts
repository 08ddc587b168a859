import type { Timer } from '../../clock.ts';
import type { AccessRequest, Principal } from '../../iam/access.ts';
import { type ApiError, invalidArgument } from '../../network/api-error.ts';
import type { Subscription } from '../broker/broker.ts';
import { Consumer } from '../delivery/consumer.ts';
import { checkAckDeadline } from './modify-ack-deadline.ts';
import { onSubscription, requirePermission } from './permission.ts';
import { type ReceivedMessage, receivedMessage } from './received-message.ts';
import type { PubsubServices } from './services.ts';

/** https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#streamingpullrequest */
export interface StreamingPullRequest {
  subscription: string;
  ackIds: string[];
  modifyDeadlineSeconds: number[];
  modifyDeadlineAckIds: string[];
  streamAckDeadlineSeconds: number;
  clientId: string;
  maxOutstandingMessages: number;
  maxOutstandingBytes: number;
  protocolVersion: number;
}

export interface StreamingPullResponse {
  receivedMessages: ReceivedMessage[];
  subscriptionProperties: {
    exactlyOnceDeliveryEnabled: boolean;
    messageOrderingEnabled: boolean;
  };
}

/** Where a stream's answers go. */
export interface PullStreamSink {
  /** `false` asks to wait until {@link PullStream.drained} is called. */
  send(response: StreamingPullResponse): boolean;
  end(error?: ApiError): void;
}

/** How often a stream without traffic asks IAM whether it may go on. */
const recheckMs = 5000;
const permission = 'pubsub.subscriptions.consume';

/** One StreamingPull call, from its first request to its end. */
export class PullStream {
  readonly #services: Pick<PubsubServices, 'broker' | 'access' | 'clock'>;
  readonly #principal: Principal;
  readonly #sink: PullStreamSink;
  #open: { asked: AccessRequest; subscription: Subscription; consumer: Consumer } | undefined;
  #isOver = false;
  #isDrained = true;
  #recheck: Timer | undefined;

  constructor(
    services: Pick<PubsubServices, 'broker' | 'access' | 'clock'>,
    principal: Principal,
    sink: PullStreamSink,
  ) {
    this.#services = services;
    this.#principal = principal;
    this.#sink = sink;
  }

  /** Takes the client's next request. Throws ApiError, which is to end the call. */
  receive(request: StreamingPullRequest): void {
    if (this.#isOver) return;
    if (!this.#open) this.#start(request);
    else if (this.#mayGoOn()) this.#continue(request, this.#open.consumer);
  }

  /** The sink takes answers again. */
  drained(): void {
    this.#isDrained = true;
    if (!this.#isOver) this.#open?.subscription.queue.wake();
  }

  /** The call is over, whoever ended it. Messages that are still out stay leased. */
  close(): void {
    this.#isOver = true;
    this.#recheck?.cancel();
    if (this.#open) this.#open.subscription.queue.detach(this.#open.consumer);
  }

  #start(request: StreamingPullRequest): void {
    const { broker, access } = this.#services;
    if (!request.subscription) {
      throw invalidArgument('The first StreamingPullRequest must have the subscription set.');
    }
    const asked = onSubscription(request.subscription, permission, this.#principal);
    requirePermission(access, asked, 'StreamingPull');
    const subscription = broker.subscription(request.subscription);
    checkAckDeadline(request.streamAckDeadlineSeconds, 10);
    const consumer = new Consumer({
      maxOutstandingMessages: request.maxOutstandingMessages,
      maxOutstandingBytes: request.maxOutstandingBytes,
      ackDeadlineSeconds: request.streamAckDeadlineSeconds,
      isReady: () => this.#isDrained && this.#mayGoOn(),
      deliver: (batch) => this.#send(batch.map(receivedMessage)),
      end: (error) => this.#end(error),
    });
    this.#open = { asked, subscription, consumer };
    this.#applyAcks(request);
    // At once, so that the client knows whether messages are ordered before the first one comes.
    this.#send([]);
    subscription.queue.attach(consumer);
    this.#scheduleRecheck();
  }

  #continue(request: StreamingPullRequest, consumer: Consumer): void {
    const isInitialOnly =
      request.subscription !== '' ||
      request.maxOutstandingMessages !== 0 ||
      request.maxOutstandingBytes !== 0 ||
      request.protocolVersion !== 0;
    if (isInitialOnly) {
      throw invalidArgument(
        'subscription, max_outstanding_messages, max_outstanding_bytes and protocol_version can only be set on the first StreamingPullRequest.',
      );
    }
    if (request.streamAckDeadlineSeconds !== 0) {
      checkAckDeadline(request.streamAckDeadlineSeconds, 10);
      consumer.ackDeadlineSeconds = request.streamAckDeadlineSeconds;
    }
    // An empty request is a sign of life, and clients hang up if it is not answered within 15 s.
    if (!this.#applyAcks(request)) this.#send([]);
  }

  /** Answers whether there were any. */
  #applyAcks(request: StreamingPullRequest): boolean {
    const { ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds } = request;
    if (modifyDeadlineAckIds.length !== modifyDeadlineSeconds.length) {
      throw invalidArgument(
        'modify_deadline_seconds and modify_deadline_ack_ids must have the same length.',
      );
    }
    for (const seconds of modifyDeadlineSeconds) checkAckDeadline(seconds, 0);
    const queue = this.#open?.subscription.queue;
    queue?.acknowledge(ackIds);
    modifyDeadlineAckIds.forEach((ackId, index) => {
      queue?.modifyAckDeadline(ackId, modifyDeadlineSeconds[index] ?? 0);
    });
    return ackIds.length > 0 || modifyDeadlineAckIds.length > 0;
  }

  #send(receivedMessages: ReceivedMessage[]): void {
    if (this.#isOver) return;
    const messageOrderingEnabled = this.#open?.subscription.settings.enableMessageOrdering ?? false;
    this.#isDrained = this.#sink.send({
      receivedMessages,
      subscriptionProperties: { exactlyOnceDeliveryEnabled: false, messageOrderingEnabled },
    });
  }

  /** Asks IAM again, and records its answer only if it is a refusal: then the stream ends. */
  #mayGoOn(): boolean {
    if (this.#isOver || !this.#open) return false;
    const { asked } = this.#open;
    const { access } = this.#services;
    if (access.check(asked).allowed) return true;
    try {
      requirePermission(access, asked, 'StreamingPull');
      return true;
    } catch (error) {
      this.#end(error as ApiError);
      return false;
    }
  }

  #scheduleRecheck(): void {
    this.#recheck = this.#services.clock.after(recheckMs, () => {
      if (this.#mayGoOn()) this.#scheduleRecheck();
    });
  }

  #end(error: ApiError): void {
    if (this.#isOver) return;
    this.close();
    this.#sink.end(error);
  }
}

import type { Timer } from '../../clock.ts';
import { invalidArgument } from '../../network/api-error.ts';
import { Consumer } from '../delivery/consumer.ts';
import { onSubscription, requirePermission } from './permission.ts';
import { type ReceivedMessage, receivedMessage } from './received-message.ts';
import type { Caller, Operation, PubsubServices } from './services.ts';

export interface PullRequest {
  subscription: string;
  maxMessages: number;
  returnImmediately: boolean;
}

export interface PullResponse {
  receivedMessages: ReceivedMessage[];
}

type Services = Pick<PubsubServices, 'broker' | 'access' | 'clock' | 'pullWaitMs'>;

/** Answers as soon as there is a message, or none after a while. */
export function pull(services: Services): Operation<PullRequest, PullResponse> {
  return (request, caller) => {
    const { subscription, maxMessages } = request;
    const asked = onSubscription(subscription, 'pubsub.subscriptions.consume', caller.principal);
    requirePermission(services.access, asked, 'Pull');
    if (maxMessages <= 0) {
      throw invalidArgument(
        `The value for max_messages must be greater than 0. You passed ${maxMessages} in the request.`,
      );
    }
    return take(services, request, caller);
  };
}

function take(
  { broker, clock, pullWaitMs }: Services,
  { subscription, maxMessages, returnImmediately }: PullRequest,
  caller: Caller,
): Promise<PullResponse> {
  const { queue } = broker.subscription(subscription);
  const { promise, resolve, reject } = Promise.withResolvers<PullResponse>();
  let timer: Timer | undefined;
  const answer: Consumer['deliver'] = (batch) => {
    timer?.cancel();
    queue.detach(consumer);
    resolve({ receivedMessages: batch.map(receivedMessage) });
  };
  const consumer = new Consumer({
    maxOutstandingMessages: maxMessages,
    maxOutstandingBytes: 0,
    isReady: () => true,
    deliver: answer,
    end: (error) => {
      timer?.cancel();
      reject(error);
    },
  });
  const batch = queue.take(consumer);
  if (batch.length > 0 || returnImmediately) {
    answer(batch);
    return promise;
  }
  timer = clock.after(pullWaitMs, () => answer([]));
  caller.onCancelled(() => answer([]));
  queue.attach(consumer);
  return promise;
}

import type { PubSub, Topic } from '@google-cloud/pubsub';

/** How many messages each measurement takes. */
export interface LoadSize {
  oneAtATime: number;
  inFlight: number;
  endToEnd: number;
}

/** Messages per second. */
export type LoadRates = Record<keyof LoadSize, number>;

const concurrency = 64;
const payload = Buffer.alloc(100, 'x');
/** What the receiver adds to a message. */
const attributes = { idempotencyKey: '0b0e9d0e-4b5c-4f4e-9a3b-6d0d5d3c1c55', calledBy: 'caller' };

/**
 * Everything once, through Google's own client. Nothing here depends on who answers: the environment says
 * where Pub/Sub is, and whether calls carry a token. Topics have one subscription each and are new, so that
 * no run finds the backlog of another.
 */
export async function runLoad(pubsub: PubSub, size: LoadSize): Promise<LoadRates> {
  const unbatched = { batching: { maxMessages: 1 } };
  return {
    oneAtATime: await withTopic(pubsub, (name) =>
      publish(pubsub.topic(name, unbatched), size.oneAtATime, 1),
    ),
    inFlight: await withTopic(pubsub, (name) =>
      publish(pubsub.topic(name, unbatched), size.inFlight, concurrency),
    ),
    endToEnd: await withTopic(pubsub, (name) => endToEnd(pubsub, name, size.endToEnd)),
  };
}

/** The subscription has the name of its topic. */
async function withTopic(
  pubsub: PubSub,
  measure: (name: string) => Promise<number>,
): Promise<number> {
  const name = 'benchmark';
  const [topic] = await pubsub.createTopic(name);
  const [subscription] = await topic.createSubscription(name);
  try {
    return await measure(name);
  } finally {
    await subscription.delete();
    await topic.delete();
  }
}

async function publish(topic: Topic, count: number, workers: number): Promise<number> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await topic.publishMessage({ data: payload, attributes });
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: workers }, worker));
  return perSecond(count, start);
}

/**
 * With the client's default batches and flow control, from the first message that it is given to the last
 * that comes back, while the stream is open already.
 */
async function endToEnd(pubsub: PubSub, name: string, count: number): Promise<number> {
  const topic = pubsub.topic(name);
  const subscription = pubsub.subscription(name);
  // Delivery is at least once: a message that comes twice counts once.
  const seen = new Set<string>();
  let onMessage = () => {};
  let onError: (error: Error) => void = () => {};
  subscription.on('error', (error) => onError(error));
  subscription.on('message', (message) => {
    message.ack();
    seen.add(message.id);
    onMessage();
  });
  const roundTrip = async (messages: number) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    seen.clear();
    onError = reject;
    onMessage = () => {
      if (seen.size === messages) resolve();
    };
    const published = Array.from({ length: messages }, () =>
      topic.publishMessage({ data: payload, attributes }),
    );
    await Promise.all([...published, promise]);
  };
  await roundTrip(1);
  const start = performance.now();
  await roundTrip(count);
  const rate = perSecond(count, start);
  await subscription.close();
  return rate;
}

function perSecond(count: number, start: number): number {
  return (1000 * count) / (performance.now() - start);
}

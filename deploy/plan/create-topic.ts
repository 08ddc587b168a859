import { z } from 'zod';
import type { ResolvedSubscription, ResolvedTopic } from '../topology.ts';
import { madeHere } from './made-here.ts';
import { type Place, projectFlag, type Step } from './step.ts';

export function createTopic({ id }: ResolvedTopic, place: Place): Step {
  return {
    group: 'pubsub',
    subjects: [id],
    title: `Make the topic ${id}`,
    why: 'Messages are published to it.',
    check: { args: ['pubsub', 'topics', 'describe', id, projectFlag(place)], isDone: () => true },
    args: ['pubsub', 'topics', 'create', id, `--labels=${madeHere}`, projectFlag(place)],
  };
}

const subscriptionAnswer = z.object({ topic: z.string() });

export function createSubscription({ id, topic }: ResolvedSubscription, place: Place): Step {
  const topicId = topic.slice(topic.lastIndexOf('/') + 1);
  return {
    group: 'pubsub',
    subjects: [id, topicId],
    title: `Make the subscription ${id} of ${topicId}`,
    why: 'It keeps the messages until somebody has pulled and acknowledged them.',
    check: {
      args: ['pubsub', 'subscriptions', 'describe', id, projectFlag(place)],
      isDone: (answer) => subscriptionAnswer.safeParse(answer).data?.topic === topic,
    },
    args: [
      ...['pubsub', 'subscriptions', 'create', id, `--topic=${topicId}`],
      ...[`--labels=${madeHere}`, projectFlag(place)],
    ],
  };
}

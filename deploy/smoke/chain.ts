import { TargetError } from '../find-target.ts';
import type {
  ResolvedService,
  ResolvedSubscription,
  ResolvedTopic,
  ResolvedTopology,
} from '../topology.ts';

/** The way that a message takes. */
export interface Chain {
  caller: ResolvedService;
  receiver: ResolvedService;
  topic: ResolvedTopic;
  subscription: ResolvedSubscription;
}

/**
 * Follows the settings of the services, as the message does.
 * @throws {TargetError} where they lead nowhere
 */
export function findChain(topology: ResolvedTopology): Chain {
  const { services, topics, subscriptions, deployer } = topology;
  const callers = services.filter(({ environment }) => environment.RECEIVER_URL !== undefined);
  const caller = callers.find(({ invokers }) => invokers.includes(deployer)) ?? callers[0];
  if (!caller) throw nowhere('no service has a RECEIVER_URL');
  const receiver = services.find(({ url }) => url === caller.environment.RECEIVER_URL);
  if (!receiver) throw nowhere(`the RECEIVER_URL of ${caller.name} is none of its services`);
  const wanted = receiver.environment.TOPIC;
  const topic = topics.find(({ id, name }) => name === wanted || id === wanted);
  if (!topic) throw nowhere(`the TOPIC of ${receiver.name} is none of its topics`);
  const subscription = subscriptions.find((candidate) => candidate.topic === topic.name);
  if (!subscription) throw nowhere(`the topic ${topic.id} has no subscription`);
  return { caller, receiver, topic, subscription };
}

function nowhere(reason: string): TargetError {
  return new TargetError(`This topology cannot be tried: ${reason}.`);
}

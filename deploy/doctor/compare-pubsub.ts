import { gcloudCommand } from '../gcloud.ts';
import { createSubscription, createTopic } from '../plan/create-topic.ts';
import type { ResolvedTopology } from '../topology.ts';
import type { Finding } from './finding.ts';
import type { LiveSubscription } from './live-state.ts';

export function compareTopics(live: readonly string[], topology: ResolvedTopology): Finding[] {
  return topology.topics
    .filter(({ name }) => !live.includes(name))
    .map((topic) => ({
      severity: 'error',
      code: 'topic-missing',
      where: `topic ${topic.id}`,
      what: 'it does not exist',
      why: 'Publishing fails. One made anew has no policy and no subscription: deploy again afterwards.',
      mend: [gcloudCommand(createTopic(topic, topology).args)],
    }));
}

export function compareSubscriptions(
  live: readonly LiveSubscription[],
  topology: ResolvedTopology,
): Finding[] {
  const { subscriptions, topics, project } = topology;
  const command = (...args: string[]) =>
    gcloudCommand(['pubsub', 'subscriptions', ...args, `--project=${project}`]);
  const ours = subscriptions.flatMap((wanted): Finding[] => {
    const { id, name, topic } = wanted;
    const where = `subscription ${id}`;
    const create = gcloudCommand(createSubscription(wanted, topology).args);
    const subscription = live.find((candidate) => candidate.name === name);
    if (!subscription) {
      return [
        {
          severity: 'error',
          code: 'subscription-missing',
          where,
          what: 'it does not exist',
          why: 'Nobody keeps the messages: what is published meanwhile is lost.',
          mend: [create],
        },
      ];
    }
    if (subscription.topic !== topic) {
      return [
        {
          severity: 'error',
          code: 'subscription-elsewhere',
          where,
          what: `it belongs to ${subscription.topic}, not to ${topic}`,
          why: 'A topic that was deleted and made anew has lost its subscriptions. Deleting this one drops the messages that it still holds.',
          mend: [command('delete', id), create],
        },
      ];
    }
    if (subscription.pushEndpoint !== '') {
      return [
        {
          severity: 'error',
          code: 'subscription-elsewhere',
          where,
          what: `it pushes its messages to ${subscription.pushEndpoint}`,
          why: 'The topology has them pulled: whoever owns that address gets every message.',
          mend: [command('modify-push-config', id, '--push-endpoint=')],
        },
      ];
    }
    return [];
  });
  const foreign = live
    .filter(({ name }) => !subscriptions.some((subscription) => subscription.name === name))
    .filter(({ topic }) => topics.some(({ name }) => name === topic))
    .map(
      ({ name, topic }): Finding => ({
        severity: 'info',
        code: 'foreign-subscription',
        where: `topic ${topic.split('/').at(-1)}`,
        what: `${name} reads it as well, and is not in the topology`,
        why: 'It gets a copy of every message.',
        mend: [],
      }),
    );
  return [...ours, ...foreign];
}

import type { Chain } from './chain.ts';

/** Who called whom as whom, and what allowed it: for people. */
export function describeChain({ caller, receiver, topic }: Chain, member: string): string[] {
  const width = Math.max(...[caller.name, receiver.name, 'topic'].map((name) => name.length)) + 2;
  const station = (name: string, text: string) => `  ${name.padEnd(width)}${text}`;
  const step = (...texts: string[]) => texts.map((text) => station('  │', text));
  return [
    station('you', member),
    ...step('ID token of yours', `IAM: roles/run.invoker on ${caller.name}`),
    station(caller.name, `runs as ${caller.serviceAccount}`),
    ...step(
      `ID token of that account, for ${receiver.url}`,
      `IAM: roles/run.invoker on ${receiver.name}; then the ${receiver.name}'s own check of the token`,
    ),
    station(receiver.name, `saw ${caller.serviceAccount}, runs as ${receiver.serviceAccount}`),
    ...step('access token of that account', `IAM: roles/pubsub.publisher on ${topic.id}`),
    station('topic', topic.name),
  ];
}

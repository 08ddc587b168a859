import type { ResolvedService, ResolvedTopology } from '../topology.ts';
import { addBinding } from './add-binding.ts';
import { buildImage } from './build-image.ts';
import { createAccount } from './create-account.ts';
import { createRepository } from './create-repository.ts';
import { createSubscription, createTopic } from './create-topic.ts';
import { closeToEverybody, deployService, serveLatest } from './deploy-service.ts';
import { enableApis } from './enable-apis.ts';
import type { Step } from './step.ts';

/** All that a deployment makes, in order. Pure: nothing is asked, nothing is run. */
export function deploymentPlan(topology: ResolvedTopology, imageTag: string): Step[] {
  const { services, topics, subscriptions, bindings } = topology;
  return [
    enableApis(topology),
    createRepository(topology),
    ...usersBy(services, 'image').map(([image, users]) =>
      buildImage(image, users, imageTag, topology),
    ),
    ...usersBy(services, 'serviceAccount').map(([email, users]) =>
      createAccount(email, users, topology),
    ),
    ...topics.map((topic) => createTopic(topic, topology)),
    ...subscriptions.map((subscription) => createSubscription(subscription, topology)),
    ...calledFirst(services).flatMap((service) => [
      deployService(service, imageTag, topology),
      serveLatest(service, topology),
      ...(service.invokers.includes('allUsers') ? [] : [closeToEverybody(service, topology)]),
    ]),
    ...bindings.map((binding) => addBinding(binding, topology)),
  ];
}

/** Each image or account once, with the names of the services that use it. */
export function usersBy(
  services: readonly ResolvedService[],
  key: 'image' | 'serviceAccount',
): readonly (readonly [string, string[]])[] {
  const groups = Map.groupBy(services, (service) => service[key]);
  return [...groups].map(([used, users]) => [used, users.map(({ name }) => name)]);
}

/** A service after those whose URL its environment holds; otherwise in the topology's order. */
export function calledFirst(services: readonly ResolvedService[]): ResolvedService[] {
  const ordered = new Set<ResolvedService>();
  const visiting = new Set<ResolvedService>();
  const visit = (service: ResolvedService) => {
    if (visiting.has(service)) return; // Two that call each other: either may be first.
    visiting.add(service);
    const values = Object.values(service.environment);
    for (const other of services) {
      if (values.some((value) => value.includes(other.url))) visit(other);
    }
    ordered.add(service);
  };
  services.forEach(visit);
  return [...ordered];
}

/** The steps of the named groups, services, images, topics and subscriptions. All if none is named. */
export function chooseSteps(steps: readonly Step[], only: readonly string[]): Step[] {
  if (only.length === 0) return [...steps];
  return steps.filter((step) => namesOf(step).some((name) => only.includes(name)));
}

/** What `--only` may name. */
export function namesIn(steps: readonly Step[]): string[] {
  return [...new Set(steps.flatMap(namesOf))];
}

function namesOf({ group, subjects }: Step): string[] {
  return [group, ...subjects];
}

import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { deterministicUrl, legacyUrl } from './service-urls.ts';
import { placeholderPattern, topologyFaults } from './topology-faults.ts';
import { topologySchema } from './topology-schema.ts';

/** `topology.json`, checked: names still symbolic (`service:caller`, `deployer`, `${…}`). */
export type Topology = z.output<typeof topologySchema>;

/** `topology.json` is not usable; the message lists every fault, a line each. */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[], source: string) {
    super(`${source} has ${faults.length === 1 ? 'a fault' : 'faults'}:\n  ${faults.join('\n  ')}`);
    this.faults = faults;
  }
}

/** Checks a parsed JSON value. Throws {@link TopologyError} listing all faults at once. */
export function parseTopology(json: unknown, source = 'the topology'): Topology {
  const faults = topologyFaults(json);
  if (faults.length > 0) throw new TopologyError(faults, source);
  return topologySchema.parse(json);
}

/** Reads a topology file, by default the one beside this module. Throws {@link TopologyError}. */
export function loadTopology(path: string | URL = new URL('./topology.json', import.meta.url)) {
  const source = path instanceof URL ? path.pathname : path;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new TopologyError([`the file: cannot be read (${(error as Error).message})`], source);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new TopologyError([`the file: is not JSON (${(error as Error).message})`], source);
  }
  return parseTopology(json, source);
}

/** Where and by whom a topology is deployed. */
export interface DeploymentTarget {
  project: string;
  /** Digits, for example `123456789012`. */
  projectNumber: string;
  region: string;
  /** The IAM member that `deployer` stands for, for example `user:developer@example.com`. */
  deployer: string;
}

/** A service with its names filled in. */
export interface ResolvedService {
  name: string;
  /** Full resource name. */
  resource: string;
  /** The deterministic URL, without a trailing slash. */
  url: string;
  /** Every URL it answers to: the deterministic one first, then the legacy one. */
  urls: readonly string[];
  /** E-mail address. */
  serviceAccount: string;
  /** IAM members. */
  invokers: readonly string[];
  environment: Readonly<Record<string, string>>;
  customAudiences: readonly string[];
  /** Built from `Dockerfile.<image>`; locally `services/<image>/` runs. */
  image: string;
  ingress: Topology['services'][string]['ingress'];
  /** Limits of one instance, in Kubernetes' units: `1`, `512Mi`. */
  resources: Readonly<{ cpu: string; memory: string }>;
  /** Requests that one instance handles at the same time. */
  concurrency: number;
  minInstances: number;
  maxInstances: number;
  timeoutSeconds: number;
}

/** A topic with its names filled in. */
export interface ResolvedTopic {
  id: string;
  /** `projects/P/topics/T`, as Pub/Sub's API writes it. */
  name: string;
  /** Full resource name. */
  resource: string;
  /** IAM members. */
  publishers: readonly string[];
}

/** A subscription with its names filled in. */
export interface ResolvedSubscription {
  id: string;
  /** `projects/P/subscriptions/S`. */
  name: string;
  /** Full resource name. */
  resource: string;
  /** `projects/P/topics/T`. */
  topic: string;
}

/** One grant: `member` gets `role` on `resource`. */
export interface ResolvedBinding {
  /** Full resource name, https://cloud.google.com/iam/docs/full-resource-names */
  resource: string;
  role: string;
  member: string;
}

/** A topology for one project and region. */
export interface ResolvedTopology extends DeploymentTarget {
  services: readonly ResolvedService[];
  topics: readonly ResolvedTopic[];
  subscriptions: readonly ResolvedSubscription[];
  /** Everything that is granted, and nothing else is. */
  bindings: readonly ResolvedBinding[];
  /** The direct members of each group as IAM members, by the group's address in lower case. */
  groups: Readonly<Record<string, readonly string[]>>;
  /** In lower case. */
  domains: readonly string[];
}

/** Fills in every name of `topology` for one project and region. Pure. */
export function resolveTopology(topology: Topology, target: DeploymentTarget): ResolvedTopology {
  const { project, region, deployer } = target;
  const accountOf = (service: string) =>
    `${topology.services[service]?.serviceAccount}@${project}.iam.gserviceaccount.com`;
  const topicName = (id: string) => `projects/${project}/topics/${id}`;
  const toMember = (member: string) => {
    if (member === 'deployer') return deployer;
    if (!member.startsWith('service:')) return member;
    return `serviceAccount:${accountOf(member.slice('service:'.length))}`;
  };
  const fillIn = (value: string) =>
    value.replaceAll(placeholderPattern, (_whole, inner: string) => {
      const name = inner.slice(inner.indexOf('.') + 1, inner.lastIndexOf('.'));
      if (inner.startsWith('topics.')) return topicName(name);
      return inner.endsWith('.url') ? deterministicUrl(name, target) : accountOf(name);
    });

  const services = Object.entries(topology.services).map(([name, service]) => ({
    name,
    resource: `//run.googleapis.com/projects/${project}/locations/${region}/services/${name}`,
    url: deterministicUrl(name, target),
    urls: [deterministicUrl(name, target), legacyUrl(name, target)],
    serviceAccount: accountOf(name),
    invokers: service.invokers.map(toMember),
    environment: Object.fromEntries(
      Object.entries(service.environment).map(([key, value]) => [key, fillIn(value)]),
    ),
    customAudiences: service.customAudiences,
    image: service.image ?? name,
    ingress: service.ingress,
    resources: service.resources,
    concurrency: service.concurrency,
    minInstances: service.minInstances,
    maxInstances: service.maxInstances,
    timeoutSeconds: service.timeoutSeconds,
  }));
  const topics = Object.entries(topology.topics).map(([id, topic]) => ({
    id,
    name: topicName(id),
    resource: `//pubsub.googleapis.com/${topicName(id)}`,
    publishers: topic.publishers.map(toMember),
  }));
  const subscriptions = Object.entries(topology.subscriptions).map(([id, { topic }]) => {
    const name = `projects/${project}/subscriptions/${id}`;
    return { id, name, resource: `//pubsub.googleapis.com/${name}`, topic: topicName(topic) };
  });
  const bindings = [
    ...services.flatMap(({ resource, invokers }) =>
      invokers.map((member) => ({ resource, role: 'roles/run.invoker', member })),
    ),
    ...topics.flatMap(({ resource, publishers }) =>
      publishers.map((member) => ({ resource, role: 'roles/pubsub.publisher', member })),
    ),
  ];
  const groups = Object.fromEntries(
    Object.entries(topology.groups).map(([email, members]) => [
      email.toLowerCase(),
      members.map(toMember),
    ]),
  );
  const domains = topology.domains.map((domain) => domain.toLowerCase());
  return { ...target, services, topics, subscriptions, bindings, groups, domains };
}

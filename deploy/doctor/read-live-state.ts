import { z } from 'zod';
import { type Gcloud, GcloudError, readJson } from '../gcloud.ts';
import { liveServiceSchema } from '../live-service.ts';
import type { ResolvedTopology } from '../topology.ts';
import type { LiveAccount, LiveState, Unreadable } from './live-state.ts';
import { type Policy, policySchema } from './policy.ts';
import {
  accountResource,
  nameOf,
  policyTargets,
  projectTarget,
  readPolicy,
} from './policy-targets.ts';

/** Commands at the same time: each is a Python of its own. */
const atOnce = 4;

const subscriptionSchema = z
  .object({
    name: z.string(),
    topic: z.string(),
    pushConfig: z.object({ pushEndpoint: z.string().default('') }).prefault({}),
  })
  .transform(({ name, topic, pushConfig }) => ({ name, topic, ...pushConfig }));

/**
 * Looks at everything that the topology speaks of, by gcloud commands that only read.
 *
 * @throws {GcloudMissingError}
 */
export async function readLiveState(
  gcloud: Gcloud,
  topology: ResolvedTopology,
): Promise<LiveState> {
  const { project, region } = topology;
  const flags = [`--project=${project}`];
  const unreadable: Unreadable[] = [];
  const limited = limit(atOnce);

  /** The answer, or undefined and a note of why there is none. */
  const read = async <T>(
    what: string,
    args: readonly string[],
    schema: z.ZodType<T>,
  ): Promise<T | undefined> => {
    try {
      return await limited(() => readJson(gcloud, args, schema));
    } catch (error) {
      if (!(error instanceof GcloudError)) throw error;
      unreadable.push({ what, command: error.command, message: error.message });
      return undefined;
    }
  };

  const [projectPolicy, services, topics, subscriptions, found] = await Promise.all([
    read('the policy of the project', readPolicy(projectTarget(project)), policySchema),
    read(
      'the services',
      ['run', 'services', 'list', `--region=${region}`, ...flags],
      z.array(liveServiceSchema),
    ),
    read(
      'the topics',
      ['pubsub', 'topics', 'list', ...flags],
      z.array(z.object({ name: z.string() })),
    ),
    read(
      'the subscriptions',
      ['pubsub', 'subscriptions', 'list', ...flags],
      z.array(subscriptionSchema),
    ),
    read(
      'the service accounts',
      ['iam', 'service-accounts', 'list', ...flags],
      z.array(z.object({ email: z.string(), disabled: z.boolean().default(false) })),
    ),
  ]);

  const existing = new Set([
    ...topology.services
      .filter(({ name }) => services?.some((service) => service.name === name))
      .map(({ resource }) => resource),
    ...topology.topics
      .filter(({ name }) => topics?.some((topic) => topic.name === name))
      .map(({ resource }) => resource),
    ...topology.subscriptions
      .filter(({ name }) => subscriptions?.some((subscription) => subscription.name === name))
      .map(({ resource }) => resource),
    ...(found ?? []).map(({ email }) => accountResource(project, email)),
  ]);
  const policies = policyTargets(topology)
    .filter(({ resource }) => existing.has(resource))
    .map(async (target): Promise<[string, Policy | undefined]> => {
      const name = `the policy of ${nameOf(target)}`;
      return [target.resource, await read(name, readPolicy(target), policySchema)];
    });
  const accounts = found?.map(async (account): Promise<LiveAccount> => {
    const { email } = account;
    if (topology.services.every(({ serviceAccount }) => serviceAccount !== email)) {
      return { ...account, keys: undefined };
    }
    const list = ['iam', 'service-accounts', 'keys', 'list', `--iam-account=${email}`];
    const keys = await read(
      `the keys of ${email}`,
      [...list, '--managed-by=user', ...flags],
      z.array(z.object({ name: z.string() })),
    );
    return { ...account, keys: keys?.map(({ name }) => name.slice(name.lastIndexOf('/') + 1)) };
  });
  const [readPolicies, readAccounts] = await Promise.all([
    Promise.all(policies),
    accounts && Promise.all(accounts),
  ]);
  return {
    projectPolicy,
    services,
    topics: topics?.map(({ name }) => name),
    subscriptions,
    accounts: readAccounts,
    policies: Object.fromEntries(
      readPolicies.flatMap(([resource, policy]) => (policy ? [[resource, policy]] : [])),
    ),
    unreadable,
  };
}

/** Runs at most `most` tasks at the same time, in the order in which they came. */
function limit(most: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

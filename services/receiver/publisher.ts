import type { Compute } from 'google-auth-library';
import { Problem } from '../../shared/http/problem.ts';
import type { Deadline } from '../../shared/http/request-deadline.ts';
import { withDeadline } from '../../shared/identity/deadline.ts';
import type { RuntimeAccount } from '../../shared/identity/runtime-account.ts';
import { publishProblem, pubsubUnavailable } from './publish-problem.ts';
import type { OpenTopic } from './pubsub-topic.ts';

/** The client library overshoots its own limit; this one, in milliseconds, is on the wall clock. */
const wallClockMs = 5_000;

export interface Publisher {
  /**
   * Publishes one message and waits until Pub/Sub has confirmed it.
   *
   * @throws {Problem} naming the missing role or topic (502), `pubsub_unavailable` (503), or
   *   `deadline_exceeded` (504) if nothing was tried any more.
   * @throws {IdentityError} `metadata_unavailable` (503) without project or access token.
   */
  publish(
    message: { data: Buffer; attributes: Record<string, string> },
    deadline: Deadline,
  ): Promise<{ messageId: string; topic: string; publishedBy: string | null }>;
  /** Loads what publishing needs, ahead of the first message. Never throws. */
  warmUp(): Promise<void>;
  /** Sends what is still waiting to be sent. */
  flush(): Promise<void>;
}

/**
 * A publisher to `topic` (`events` of the service's own project, or `projects/…/topics/…`).
 *
 * @param options.openTopic only tests give another
 */
export function createPublisher(options: {
  topic: string;
  account: Pick<RuntimeAccount, 'email' | 'projectId'>;
  openTopic?: (name: string, credentials: Compute) => Promise<OpenTopic>;
  /** Access tokens of the account that this service runs as: only tests give others. */
  credentials?: Compute;
}): Publisher {
  const { account, openTopic = loadAndOpenTopic } = options;
  let credentials: Promise<Compute> | undefined;
  let opened: Promise<{ name: string; topic: OpenTopic }> | undefined;

  const getCredentials = () => {
    credentials ??= options.credentials
      ? Promise.resolve(options.credentials)
      : runtimeCredentials();
    return credentials;
  };
  // Ahead of the client library, which would report a missing token as a fault of Pub/Sub.
  const authorize = async () => void (await (await getCredentials()).getAccessToken());

  const open = () => {
    opened ??= (async () => {
      const name = await fullName(options.topic, account);
      return { name, topic: await openTopic(name, await getCredentials()) };
    })();
    // A failure is not kept: the next message tries again.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };

  return {
    async publish(message, deadline) {
      const [{ name, topic }] = await Promise.all([open(), authorize()]);
      const limit = Math.min(wallClockMs, deadline.remaining());
      if (limit === 0) throw new Problem('deadline_exceeded', 'No time was left for publishing.');
      const timedOut = () => pubsubUnavailable(new Error(`no confirmation within ${limit} ms`));
      // For the answer only: that nobody could say who we are must not lose a message.
      const email = withDeadline(account.email(), limit, timedOut).catch(() => null);
      try {
        const messageId = await withDeadline(topic.publish(message), limit, timedOut);
        return { messageId, topic: name, publishedBy: await email };
      } catch (error) {
        throw error instanceof Problem ? error : publishProblem(error, name, await email);
      }
    },
    async warmUp() {
      await Promise.allSettled([open(), account.email(), authorize()]);
    },
    async flush() {
      await (await opened)?.topic.flush();
    },
  };
}

async function fullName(topic: string, account: Pick<RuntimeAccount, 'projectId'>) {
  return topic.startsWith('projects/')
    ? topic
    : `projects/${await account.projectId()}/topics/${topic}`;
}

// These two are loaded after the port listens: together they take longer to load than all the rest.

async function runtimeCredentials(): Promise<Compute> {
  const { RuntimeCredentials } = await import('../../shared/identity/runtime-credentials.ts');
  return new RuntimeCredentials();
}

async function loadAndOpenTopic(name: string, credentials: Compute) {
  const { openTopic } = await import('./pubsub-topic.ts');
  return openTopic(name, credentials);
}

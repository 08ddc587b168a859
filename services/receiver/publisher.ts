import type { Topic } from '@google-cloud/pubsub';
import { Compute } from 'google-auth-library';
import { Problem } from '../../shared/http/problem.ts';
import type { Deadline } from '../../shared/http/request-deadline.ts';
import { withDeadline } from '../../shared/identity/deadline.ts';
import { dependencyDown } from '../../shared/identity/identity-error.ts';
import type { RuntimeAccount } from '../../shared/identity/runtime-account.ts';
import { publishProblem, pubsubUnavailable } from './publish-problem.ts';

/** The metadata server answers in milliseconds; the library would wait for it without end. */
const tokenDeadlineMs = 2_500;
/**
 * An access token is used until this close to its end, in milliseconds. The library's five minutes
 * would turn a short outage of the metadata server into failures while the token is still good; the
 * metadata server itself renews it five minutes before the end.
 */
const eagerRefreshThresholdMillis = 15_000;
/** The client library overshoots its own limit; this one, in milliseconds, is on the wall clock. */
const wallClockMs = 5_000;

type OpenTopic = Pick<Topic, 'publishMessage' | 'flush'>;

export interface Publisher {
  /**
   * Publishes one message and waits until Pub/Sub has confirmed it.
   *
   * @throws {Problem} naming the missing role or topic (502), or `pubsub_unavailable` (503).
   * @throws {IdentityError} `metadata_unavailable` (503) if the project cannot be told.
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
  // The metadata server and nothing else: no key file that lies about is ever picked up.
  const { credentials = new Compute({ eagerRefreshThresholdMillis }) } = options;
  const { account, openTopic = loadAndOpenTopic } = options;
  let opened: Promise<{ name: string; topic: OpenTopic }> | undefined;

  const open = () => {
    opened ??= (async () => {
      const name = await fullName(options.topic, account);
      return { name, topic: await openTopic(name, credentials) };
    })();
    // A failure is not kept: the next message tries again.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };

  return {
    async publish(message, deadline) {
      const [{ name, topic }] = await Promise.all([open(), requireAccessToken(credentials)]);
      // For the answer only: that nobody could say who we are must not lose a message.
      const email = account.email().catch(() => null);
      const limit = Math.min(wallClockMs, deadline.remaining());
      try {
        const timedOut = () => pubsubUnavailable(new Error(`no confirmation within ${limit} ms`));
        const messageId = await withDeadline(topic.publishMessage(message), limit, timedOut);
        return { messageId, topic: name, publishedBy: await email };
      } catch (error) {
        throw error instanceof Problem ? error : publishProblem(error, name, await email);
      }
    },
    async warmUp() {
      await Promise.allSettled([open(), account.email(), requireAccessToken(credentials)]);
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

async function loadAndOpenTopic(name: string, credentials: Compute) {
  const { openTopic } = await import('./pubsub-topic.ts');
  return openTopic(name, credentials);
}

/** @throws {IdentityError} `metadata_unavailable` (503) if there is no valid access token. */
async function requireAccessToken(credentials: Compute): Promise<void> {
  const failed = (cause: unknown) =>
    dependencyDown(
      'metadata_unavailable',
      'The metadata server gives no access token at the moment. Try again.',
      cause,
    );
  const timedOut = () => new Error(`no access token within ${tokenDeadlineMs} ms`);
  await withDeadline(credentials.getAccessToken(), tokenDeadlineMs, timedOut).catch((cause) => {
    throw failed(cause);
  });
}

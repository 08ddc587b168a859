import { z } from 'zod';
import { type Gcloud, readJson } from '../gcloud.ts';

/** How long a message may take from its confirmation to its subscription, in milliseconds. */
const patience = 30_000;
/** Messages at a time; their ids for acknowledging still fit on a command line. */
const most = 100;

const pulledSchema = z.array(
  z.object({
    ackId: z.string(),
    message: z.object({
      messageId: z.string(),
      /** Base64. */
      data: z.string().default(''),
      attributes: z.record(z.string(), z.string()).default({}),
    }),
  }),
);

export interface PulledMessage {
  messageId: string;
  text: string;
  attributes: Readonly<Record<string, string>>;
}

/** Arguments of gcloud that look for messages and take none away. */
export function pullCommand(subscription: string, project: string): string[] {
  const flags = [`--project=${project}`, `--limit=${most}`];
  return ['pubsub', 'subscriptions', 'pull', subscription, ...flags];
}

/**
 * Pulls until `isOurs` has found its message. Only that one is acknowledged; the others are given back.
 * @returns the message, if it came, and how many others were there
 * @throws {GcloudError}
 */
export async function fetchMessage(
  subscription: string,
  project: string,
  isOurs: (message: PulledMessage) => boolean,
  {
    gcloud,
    now,
    wait,
  }: {
    gcloud: Gcloud;
    now: () => number;
    wait: (milliseconds: number) => Promise<unknown>;
  },
): Promise<{ message: PulledMessage | undefined; others: number }> {
  const change = (verb: string, ackId: readonly string[], ...flags: string[]) =>
    gcloud([
      ...['pubsub', 'subscriptions', verb, subscription, `--project=${project}`],
      ...[`--ack-ids=${ackId.join(',')}`, ...flags],
    ]);
  const others: string[][] = [];
  const until = now() + patience;
  let message: PulledMessage | undefined;
  do {
    const pulled = await readJson(gcloud, pullCommand(subscription, project), pulledSchema);
    const foreign: string[] = [];
    const ours: string[] = [];
    for (const { ackId, message: found } of pulled) {
      const { messageId, data, attributes } = found;
      const candidate = { messageId, text: textOf(data), attributes };
      if (isOurs(candidate)) {
        message = candidate;
        ours.push(ackId);
      } else foreign.push(ackId);
    }
    // They are kept until the end: given back at once, the next pull would bring the same ones.
    if (foreign.length > 0) others.push(foreign);
    if (ours.length > 0) await change('ack', ours);
    else if (pulled.length === 0) await wait(1_000);
  } while (!message && now() < until);
  for (const ackIds of others) {
    await change('modify-message-ack-deadline', ackIds, '--ack-deadline=0');
  }
  return { message, others: others.flat().length };
}

/** The text of a message of the receiver's; of any other, nothing. */
function textOf(data: string): string {
  try {
    return z.object({ text: z.string() }).parse(JSON.parse(Buffer.from(data, 'base64').toString()))
      .text;
  } catch {
    return '';
  }
}

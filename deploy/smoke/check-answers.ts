import { z } from 'zod';
import type { Chain } from './chain.ts';
import { type Check, failed, passed } from './check.ts';
import type { PulledMessage } from './fetch-message.ts';

/** The caller's `GET /identity`, as far as it matters here. */
const identitySchema = z.object({
  caller: z.object({ serviceAccount: z.string() }),
  receiver: z.object({
    serviceAccount: z.string(),
    calledBy: z.object({ email: z.string() }),
  }),
});

const publishedSchema = z.object({
  messageId: z.string(),
  topic: z.string(),
  calledBy: z.string(),
  publishedBy: z.string().nullable(),
});

/** What is sent. */
export interface SentMessage {
  text: string;
  attributes: Readonly<Record<string, string>>;
}

const isWrong = 'npm run doctor tells what differs from the topology.';

/** Whether the services run as whom the topology says, and see each other as that. */
export function checkIdentity(body: unknown, { caller, receiver }: Chain): Check {
  const identity = identitySchema.safeParse(body).data;
  if (!identity)
    return failed('GET /identity answers something else than who called whom', isWrong);
  return compare('the chain is as the topology says', [
    [`the ${caller.name} runs as`, identity.caller.serviceAccount, caller.serviceAccount],
    [`the ${receiver.name} runs as`, identity.receiver.serviceAccount, receiver.serviceAccount],
    [`the ${receiver.name} saw`, identity.receiver.calledBy.email, caller.serviceAccount],
  ]);
}

/** Whether the message went to the topic as the receiver's account, called by the caller's. */
export function checkPublished(body: unknown, { caller, receiver, topic }: Chain): Check {
  const published = publishedSchema.safeParse(body).data;
  if (!published) return failed('POST /messages answers something else than a receipt', isWrong);
  // Null: the account could not be asked for its name, which says nothing against it.
  const { publishedBy = receiver.serviceAccount } = {
    publishedBy: published.publishedBy ?? undefined,
  };
  return compare(`201: ${topic.id} has it as message ${published.messageId}`, [
    ['it went to', published.topic, topic.name],
    ['it was called by', published.calledBy, caller.serviceAccount],
    ['it was published by', publishedBy, receiver.serviceAccount],
  ]);
}

/** Whether what came out is what went in, with who sent it. */
export function checkReceived(message: PulledMessage, sent: SentMessage, { caller }: Chain): Check {
  const { text, attributes } = message;
  return compare(`message ${message.messageId} came out as it went in`, [
    ['the text is', text, sent.text],
    ...Object.entries(sent.attributes).map(
      ([name, value]) => [`the attribute ${name} is`, attributes[name], value] as const,
    ),
    ['the attribute calledBy is', attributes.calledBy, caller.serviceAccount],
  ]);
}

function compare(
  what: string,
  facts: readonly (readonly [name: string, found: string | undefined, wanted: string])[],
): Check {
  const wrong = facts
    .filter(([, found, wanted]) => found !== wanted)
    .map(([name, found, wanted]) => `${name} ${found ?? 'not there'}, not ${wanted}`);
  return wrong.length > 0 ? failed(wrong.join('; '), isWrong) : passed(what);
}

import { createHash } from 'node:crypto';
import type { TestCloud } from '../support/cloud.ts';

/** The accounts that a message of the topic must name: who called the receiver, and who published. */
export const callerEmail = 'caller@demo-project.iam.gserviceaccount.com';
const publisher = 'serviceAccount:receiver@demo-project.iam.gserviceaccount.com';

/** Who, apart from the sender, may have tried a message more than once. */
export type Repeater = 'caller' | 'Pub/Sub client';

export interface Answer {
  /** 0 for a connection that broke. */
  status: number;
  /** The problem's code, or the upstream's where that tells more. */
  code?: string | undefined;
  messageId?: string | undefined;
  idempotencyKey?: string | undefined;
}

interface Entry {
  text: string;
  /** Absent if it was left to the caller to choose one. */
  key: string | undefined;
  answers: Answer[];
}

interface Copy {
  messageId: string;
  hash: string;
  key: string | undefined;
  /** Of one request to the receiver: its span is its own. */
  request: string | undefined;
}

/** What was sent under which id and what was answered, against what is in the topic. */
export class Ledger {
  readonly #sent = new Map<string, Entry>();
  readonly #inTopic = new Map<string, Copy[]>();
  readonly #strangers: string[] = [];
  readonly stop: () => void;

  /**
   * @param earlier ids of ledgers that are closed: what was given up there, with an error for its sender,
   *   may still arrive, and is theirs
   */
  constructor(
    cloud: { pubsub: Pick<TestCloud['pubsub'], 'onPublished'> },
    earlier: ReadonlySet<string> = new Set(),
  ) {
    this.stop = cloud.pubsub.onPublished((_topic, messages) => {
      for (const message of messages) {
        const { attributes } = message;
        const id = idIn(message.data);
        if (attributes.calledBy !== callerEmail || message.publisher !== publisher) {
          this.#strangers.push(id);
        }
        if (earlier.has(id)) continue;
        const copy: Copy = {
          messageId: message.id,
          hash: hash(message.data),
          key: attributes.idempotencyKey,
          request: attributes.traceparent,
        };
        this.#inTopic.set(id, [...this.#copies(id), copy]);
      }
    });
  }

  /** @param text begins with the id, and a blank after it */
  sent(id: string, text: string, key?: string): void {
    this.#sent.set(id, { text, key, answers: [] });
  }

  answered(id: string, answer: Answer): void {
    this.#sent.get(id)?.answers.push(answer);
  }

  get ids(): Iterable<string> {
    return this.#sent.keys();
  }

  /** How many answers were of each kind. */
  counts() {
    const answers = [...this.#sent.values()].flatMap((entry) => entry.answers);
    const of = (kind: number) =>
      answers.filter(({ status }) => Math.floor(status / 100) === kind).length;
    return { requests: answers.length, '2xx': of(2), '4xx': of(4), '5xx': of(5), broken: of(0) };
  }

  /** How many answers there were beyond 201, each kind by its status and code. */
  failures(): Record<string, number> {
    const kinds: Record<string, number> = {};
    for (const { status, code } of [...this.#sent.values()].flatMap((entry) => entry.answers)) {
      if (status !== 201) kinds[`${status} ${code}`] = (kinds[`${status} ${code}`] ?? 0) + 1;
    }
    return kinds;
  }

  acknowledged(): number {
    return [...this.#sent.values()].filter(isAcknowledged).length;
  }

  /**
   * Every way in which the promise "nothing lost" can be broken, with the ids: all empty when it holds.
   *
   * @param repeaters who may have tried again what the sender sent once
   */
  breaches(repeaters: readonly Repeater[] = []) {
    const idsWhere = (isBroken: (entry: Entry, copies: Copy[]) => boolean) =>
      [...this.#sent].flatMap(([id, entry]) => (isBroken(entry, this.#copies(id)) ? [id] : []));
    return {
      lost: idsWhere(({ answers }, copies) =>
        answers.some(
          ({ status, messageId }) =>
            status === 201 && !copies.some((copy) => copy.messageId === messageId),
        ),
      ),
      changed: idsWhere(({ text }, copies) => {
        const expected = hash(Buffer.from(JSON.stringify({ text })));
        return copies.some((copy) => copy.hash !== expected);
      }),
      keyChanged: idsWhere(({ key, answers }, copies) => {
        const keys = [...copies, ...answers.map((answer) => ({ key: answer.idempotencyKey }))];
        return new Set([key, ...keys.map((one) => one.key)].filter(Boolean)).size > 1;
      }),
      refusedButThere: idsWhere(
        ({ answers }, copies) =>
          copies.length > 0 &&
          answers.length > 0 &&
          answers.every(({ status }) => status >= 400 && status < 500),
      ),
      repeatedWithoutReason: idsWhere(({ answers }, copies) => {
        const requests = new Set(copies.map(({ request }) => request)).size;
        const byCaller = requests > answers.length;
        const byPubsubClient = copies.length > requests;
        return (
          (byCaller && !repeaters.includes('caller')) ||
          (byPubsubClient && !repeaters.includes('Pub/Sub client'))
        );
      }),
      unanswered: idsWhere(({ answers }) => answers.length === 0),
      neverSent: [...this.#inTopic.keys()].filter((id) => !this.#sent.has(id) && id !== probeId),
      strangers: this.#strangers,
    };
  }

  /** Copies beyond the first, by message. */
  duplicates(): number {
    return [...this.#inTopic.values()].reduce((sum, copies) => sum + copies.length - 1, 0);
  }

  has(id: string): boolean {
    return this.#inTopic.has(id);
  }

  #copies(id: string): Copy[] {
    return this.#inTopic.get(id) ?? [];
  }
}

/** No breach at all. */
export const intact: ReturnType<Ledger['breaches']> = {
  lost: [],
  changed: [],
  keyChanged: [],
  refusedButThere: [],
  repeatedWithoutReason: [],
  unanswered: [],
  neverSent: [],
  strangers: [],
};

/** Messages that only ask whether the services are back. */
export const probeId = 'probe';

/** The last word counts: after a 201 nobody asks again. */
function isAcknowledged({ answers }: Entry): boolean {
  return answers.at(-1)?.status === 201;
}

function idIn(data: Buffer): string {
  const { text } = JSON.parse(data.toString()) as { text: string };
  return String(text.split(' ', 1)[0]);
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

import { createHash } from 'node:crypto';
import type { TestCloud } from '../support/cloud.ts';

export const callerEmail = 'caller@demo-project.iam.gserviceaccount.com';

interface Entry {
  text: string;
  /** The statuses that were answered, in order; 0 for a connection that broke. */
  answers: number[];
}

/** What was sent under which id and what was answered, against what is in the topic. */
export class Ledger {
  readonly #sent = new Map<string, Entry>();
  readonly #inTopic = new Map<string, string[]>();
  readonly #strangers: string[] = [];
  readonly stop: () => void;

  constructor(cloud: TestCloud) {
    this.stop = cloud.pubsub.onPublished((_topic, messages) => {
      for (const { data, attributes } of messages) {
        const id = String(attributes.idempotencyKey);
        if (attributes.calledBy !== callerEmail) this.#strangers.push(id);
        const hashes = this.#inTopic.get(id) ?? [];
        this.#inTopic.set(id, [...hashes, hash(Buffer.from(data))]);
      }
    });
  }

  sent(id: string, text: string): void {
    this.#sent.set(id, { text, answers: [] });
  }

  answered(id: string, status: number): void {
    this.#sent.get(id)?.answers.push(status);
  }

  /** How many answers were of each kind. */
  counts() {
    const answers = [...this.#sent.values()].flatMap((entry) => entry.answers);
    const of = (kind: number) =>
      answers.filter((status) => Math.floor(status / 100) === kind).length;
    return { requests: answers.length, '2xx': of(2), '4xx': of(4), '5xx': of(5), broken: of(0) };
  }

  acknowledged(): number {
    return [...this.#sent.values()].filter(isAcknowledged).length;
  }

  /** Every way in which the promise "nothing lost" can be broken, with the ids: all empty when it holds. */
  breaches() {
    const sent = [...this.#sent];
    const inTopic = (id: string) => this.#inTopic.get(id) ?? [];
    return {
      lost: sent.filter(([id, entry]) => isAcknowledged(entry) && inTopic(id).length === 0),
      changed: sent.filter(([id, { text }]) => {
        const expected = hash(Buffer.from(JSON.stringify({ text })));
        return inTopic(id).some((found) => found !== expected);
      }),
      refusedButThere: sent.filter(([id, { answers }]) => {
        const isRefused = answers.length > 0 && answers.every((s) => s >= 400 && s < 500);
        return isRefused && inTopic(id).length > 0;
      }),
      unanswered: sent.filter(([, { answers }]) => answers.length === 0),
      neverSent: [...this.#inTopic.keys()].filter(
        (id) => !this.#sent.has(id) && !id.startsWith('probe-'),
      ),
      strangers: this.#strangers,
    };
  }

  /** Copies beyond the first, by message: each has the id of the first. */
  duplicates(): number {
    return [...this.#inTopic.values()].reduce((sum, copies) => sum + copies.length - 1, 0);
  }

  has(id: string): boolean {
    return this.#inTopic.has(id);
  }
}

/** The last word counts: after a 201 nobody asks again. */
function isAcknowledged({ answers }: Entry): boolean {
  return answers.at(-1) === 201;
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

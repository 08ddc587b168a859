import { beforeEach, expect, it } from 'vitest';
import type { PublishedMessage } from '../../local-cloud/pubsub/broker/message.ts';
import { type Answer, callerEmail, intact, Ledger, type Repeater } from './ledger.ts';

let publish: (...messages: PublishedMessage[]) => void;
let ledger: Ledger;
beforeEach(() => {
  ledger = new Ledger({
    pubsub: {
      onPublished(listener) {
        publish = (...messages) => listener('projects/p/topics/events', messages);
        return () => {};
      },
    },
  });
  ledger.sent('m1', 'm1 hello', 'k1');
});

interface Parts {
  text: string;
  id: string;
  key: string;
  request: string;
  calledBy: string;
  publisher: PublishedMessage['publisher'];
}

function message(parts: Partial<Parts> = {}): PublishedMessage {
  const { text = 'm1 hello', id = '1', key = 'k1', request = 'r1' } = parts;
  const { calledBy = callerEmail } = parts;
  return {
    id,
    data: Buffer.from(JSON.stringify({ text })),
    attributes: { idempotencyKey: key, calledBy, traceparent: request },
    orderingKey: '',
    publishTimeMs: 0,
    publisher: parts.publisher ?? 'serviceAccount:receiver@demo-project.iam.gserviceaccount.com',
    size: 1,
  };
}

const yes: Answer = { status: 201, messageId: '1', idempotencyKey: 'k1' };
const outage: Answer = { status: 503, code: 'pubsub_unavailable' };

it('is content with a message that is there once, and with one that failed visibly', () => {
  publish(message());
  ledger.answered('m1', yes);
  ledger.sent('m2', 'm2 hello');
  ledger.answered('m2', outage);
  expect(ledger.breaches()).toEqual(intact);
  expect(ledger.counts()).toEqual({ requests: 2, '2xx': 1, '4xx': 0, '5xx': 1, broken: 0 });
  expect(ledger.failures()).toEqual({ '503 pubsub_unavailable': 1 });
});

it.each<[keyof typeof intact, Answer[], PublishedMessage[]]>([
  ['lost', [yes], []],
  ['lost', [yes], [message({ id: '2' })]],
  ['changed', [yes], [message({ text: 'm1 hellO' })]],
  ['keyChanged', [yes], [message({ key: 'k2' })]],
  ['keyChanged', [{ ...yes, idempotencyKey: 'k2' }], [message()]],
  ['refusedButThere', [{ status: 403 }], [message()]],
  ['repeatedWithoutReason', [yes], [message(), message({ request: 'r2' })]],
  ['repeatedWithoutReason', [yes], [message(), message()]],
  ['unanswered', [], []],
  ['strangers', [yes], [message({ calledBy: 'eve@p.iam.gserviceaccount.com' })]],
  ['strangers', [yes], [message({ publisher: 'user:developer@example.com' })]],
])('%s: %j %j', (breach, answers, messages) => {
  publish(...messages);
  for (const answer of answers) ledger.answered('m1', answer);
  expect(ledger.breaches()).toEqual({ ...intact, [breach]: ['m1'] });
});

it('notices what nobody has sent', () => {
  publish(message(), message({ text: 'm3 hello' }));
  ledger.answered('m1', yes);
  expect(ledger.breaches()).toEqual({ ...intact, neverSent: ['m3'] });
});

it.each<[string, Answer[], PublishedMessage[], Repeater[]]>([
  ['the sender', [outage, yes], [message(), message({ request: 'r2', id: '2' })], []],
  ['the caller', [yes], [message(), message({ request: 'r2', id: '2' })], ['caller']],
  ['the Pub/Sub client', [yes], [message(), message({ id: '2' })], ['Pub/Sub client']],
])('a copy is no breach where %s has tried again', (_, answers, messages, repeaters) => {
  publish(...messages);
  for (const answer of answers) ledger.answered('m1', answer);
  expect(ledger.breaches(repeaters)).toEqual(intact);
  expect(ledger.duplicates()).toBe(1);
});

it('leaves to an earlier ledger what arrives late of it, but not a stranger', () => {
  const later = new Ledger(
    {
      pubsub: {
        onPublished(listener) {
          publish = (...messages) => listener('projects/p/topics/events', messages);
          return () => {};
        },
      },
    },
    new Set(ledger.ids),
  );
  publish(message());
  expect(later.breaches()).toEqual(intact);
  expect(later.duplicates()).toBe(0);
  publish(message({ text: 'nobody sent this' }), message({ calledBy: 'stranger@example.com' }));
  expect(later.breaches()).toEqual({ ...intact, neverSent: ['nobody'], strangers: ['m1'] });
});

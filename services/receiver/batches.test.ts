import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Batches } from './batches.ts';

/** Requests that were sent, and what answers each. */
let requests: { messages: string[]; answer: PromiseWithResolvers<string[]> }[];
let batches: Batches<string>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  requests = [];
  batches = new Batches<string>({
    send(messages) {
      const answer = Promise.withResolvers<string[]>();
      requests.push({ messages, answer });
      return answer.promise;
    },
    sizeOf: (message) => (message === 'huge' ? 8_000_000 : message.length),
    isRejected: (error) => error === 'rejected',
  });
});
afterEach(() => vi.useRealTimers());

const sent = () => requests.map(({ messages }) => messages);
const settled = () => new Promise((resolve) => setImmediate(resolve));
/** Answers a request with ids that name its messages. */
function answer(index: number) {
  const { messages, answer } = requests[index] as (typeof requests)[number];
  answer.resolve(messages.map((message) => `id of ${message}`));
}

it('sends a message at once when nothing is under way', () => {
  void batches.add('a');
  expect(sent()).toEqual([['a']]);
});

it('gathers messages while a request is under way, and gives everyone their own id', async () => {
  const ids = ['a', 'b', 'c'].map((message) => batches.add(message));
  expect(sent()).toEqual([['a']]);
  answer(0);
  await settled();
  expect(sent()).toEqual([['a'], ['b', 'c']]);
  answer(1);
  expect(await Promise.all(ids)).toEqual(['id of a', 'id of b', 'id of c']);
  void batches.add('d');
  expect(sent().at(-1)).toEqual(['d']);
});

it('does not wait for a request that hangs', async () => {
  void batches.add('hangs');
  const other = batches.add('b');
  await vi.advanceTimersByTimeAsync(5);
  expect(sent()).toEqual([['hangs'], ['b']]);
  answer(1);
  expect(await other).toBe('id of b');
});

it.each([
  ['a thousand messages', Array.from({ length: 1_000 }, (_, i) => String(i)), 1_000],
  ['nine million bytes', ['huge', 'huge'], 1],
])('takes at most %s for a request', (_name, messages, most) => {
  void batches.add('first');
  for (const message of messages) void batches.add(message);
  expect(sent()).toEqual([['first'], messages.slice(0, most)]);
});

it('after a rejection tries the parts again: only the bad message fails', async () => {
  void batches.add('first').catch(() => {});
  const [good, bad] = [batches.add('good'), batches.add('bad')];
  answer(0);
  await settled();
  requests[1]?.answer.reject('rejected');
  await settled();
  expect(sent().slice(2)).toEqual([['good'], ['bad']]);
  answer(2);
  requests[3]?.answer.reject('rejected');
  expect(await good).toBe('id of good');
  await expect(bad).rejects.toBe('rejected');
  await settled();
  expect(requests).toHaveLength(4);
});

it('finds one bad message among a thousand in few requests', async () => {
  const requestSizes: number[] = [];
  const choosy = new Batches<string>({
    async send(messages) {
      requestSizes.push(messages.length);
      if (messages.includes('bad')) throw 'rejected';
      return messages.map((message) => `id of ${message}`);
    },
    sizeOf: (message) => message.length,
    isRejected: (error) => error === 'rejected',
  });
  const messages = Array.from({ length: 1_000 }, (_, i) => (i === 700 ? 'bad' : String(i)));
  const outcomes = await Promise.allSettled(['first', ...messages].map((one) => choosy.add(one)));
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(outcomes[701]).toEqual({ status: 'rejected', reason: 'rejected' });
  // The first message, the batch, and two for each time that it is halved.
  expect(requestSizes.length).toBeLessThanOrEqual(2 + 2 * Math.ceil(Math.log2(1_000)));
});

it('hands another failure to all whose messages were in the request', async () => {
  void batches.add('first').catch(() => {});
  const both = [batches.add('a'), batches.add('b')];
  answer(0);
  await settled();
  requests[1]?.answer.reject('down');
  for (const one of both) await expect(one).rejects.toBe('down');
});

it('takes an answer with too few ids for a failure', async () => {
  const message = batches.add('a');
  requests[0]?.answer.resolve([]);
  await expect(message).rejects.toThrow('0 ids for 1 messages');
});

it('flushes what waits, and resolves when it has arrived or failed', async () => {
  void batches.add('a');
  const last = batches.add('b').catch(() => 'failed');
  let isFlushed = false;
  const flushed = batches.flush().then(() => {
    isFlushed = true;
  });
  expect(sent()).toEqual([['a'], ['b']]);
  answer(0);
  await settled();
  expect(isFlushed).toBe(false);
  requests[1]?.answer.reject('down');
  await flushed;
  expect(await last).toBe('failed');
});

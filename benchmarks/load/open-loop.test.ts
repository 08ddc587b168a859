import { expect, it } from 'vitest';
import { type Outcome, runOpenLoop, type Send } from './open-loop.ts';

/** Time that moves only while somebody waits or works. */
function fakeTiming() {
  let now = 0;
  const due: { at: number; run: () => void }[] = [];
  const advance = (ms: number) => {
    const target = now + ms;
    for (;;) {
      const next = due.filter(({ at }) => at <= target).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      due.splice(due.indexOf(next), 1);
      now = Math.max(now, next.at);
      next.run();
    }
    now = target;
  };
  return {
    timing: { now: () => now, wait: async (ms: number) => advance(ms) },
    advance,
    after: (ms: number, run: () => void) => void due.push({ at: now + ms, run }),
  };
}

it('sends at its rate however slow the answers are', async () => {
  const { timing, after, advance } = fakeTiming();
  const sentAt: number[] = [];
  const send: Send = (_index, done) => {
    sentAt.push(timing.now());
    after(10_000, () => done(201));
  };
  const running = runOpenLoop({ rate: 100, durationMs: 100 }, send, timing);
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  advance(20_000);
  const { latenciesMs } = await running;
  expect(sentAt).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  expect([...latenciesMs]).toEqual(Array(10).fill(10_000));
});

it('counts the time that a request was due and could not be sent', async () => {
  const { timing, advance } = fakeTiming();
  const send: Send = (index, done) => {
    // The generator itself stands still once.
    if (index === 1) advance(35);
    done(201);
  };
  const result = await runOpenLoop({ rate: 100, durationMs: 60 }, send, timing);
  expect([...result.latenciesMs]).toEqual([0, 35, 25, 15, 5, 0]);
  expect(result.mostLateMs).toBe(25);
});

it('counts outcomes, those without an answer too', async () => {
  const { timing } = fakeTiming();
  const outcomes: Outcome[] = [201, 503, 'ECONNRESET', 201];
  const send: Send = (index, done) => done(outcomes[index] ?? 0);
  const result = await runOpenLoop({ rate: 1_000, durationMs: 4 }, send, timing);
  expect(result.outcomes).toEqual({ 201: 2, 503: 1, ECONNRESET: 1 });
  expect(result.requests).toBe(4);
});

it('refuses a load of nothing', async () => {
  const nothing = runOpenLoop({ rate: 1, durationMs: 100 }, () => undefined, fakeTiming().timing);
  await expect(nothing).rejects.toThrow(RangeError);
});

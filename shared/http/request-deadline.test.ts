import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Deadline, remainingTimeHeader } from './request-deadline.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it.each<[string | undefined, number]>([
  [undefined, 5_000],
  ['1200', 1_200],
  ['0', 0],
  ['5001', 5_000],
  ['9999999', 5_000],
  ['10000000', 5_000],
  ['-1', 5_000],
  ['1e3', 5_000],
  ['12.5', 5_000],
  ['1200, 9', 5_000],
  ['', 5_000],
])('with %j asked for and 5000 to give, %i ms remain', (asked, remaining) => {
  expect(Deadline.of({ headers: { [remainingTimeHeader]: asked } }, 5_000).remaining()).toBe(
    remaining,
  );
});

it('runs out, and stays there', () => {
  const deadline = Deadline.after(100);
  vi.advanceTimersByTime(60);
  expect(deadline.remaining()).toBe(40);
  vi.advanceTimersByTime(60);
  expect(deadline.remaining()).toBe(0);
});

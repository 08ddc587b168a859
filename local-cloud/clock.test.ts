import { expect, it, vi } from 'vitest';
import { standingClock } from '../tests/support/standing-clock.ts';
import { AdjustableClock } from './clock.ts';

it('goes with real time and as far ahead as it was moved', () => {
  const clock = new AdjustableClock();
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
  clock.advanceBy(3_600_000);
  expect(Math.abs(clock.now() - Date.now() - 3_600_000)).toBeLessThan(1_000);
});

it('runs what falls due on the way, in order and at its time, and nothing that was cancelled', () => {
  const clock = standingClock();
  const start = clock.now();
  const ran: [string, number][] = [];
  const note = (name: string) => () => ran.push([name, clock.now() - start]);
  clock.after(30, note('second'));
  clock.after(10, () => {
    note('first')();
    clock.after(5, note('made by the first'));
  });
  clock.after(20, note('cancelled')).cancel();
  clock.after(41, note('too late'));
  clock.advanceBy(40);
  expect(ran).toEqual([
    ['first', 10],
    ['made by the first', 15],
    ['second', 30],
  ]);
  expect(clock.now() - start).toBe(40);
});

it('runs what falls due by itself, too, also after more than 24.8 days', () => {
  vi.useFakeTimers();
  try {
    const clock = new AdjustableClock();
    const callback = vi.fn();
    const thirtyDays = 30 * 86_400_000;
    clock.after(thirtyDays, callback);
    vi.advanceTimersByTime(thirtyDays - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});

it('is turned back, and what is due waits for its time', () => {
  const clock = standingClock();
  const start = clock.now();
  const callback = vi.fn();
  clock.after(30, callback);
  clock.turnBackBy(20);
  expect(clock.now() - start).toBe(-20);
  clock.advanceBy(49);
  expect(callback).not.toHaveBeenCalled();
  clock.advanceBy(1);
  expect(callback).toHaveBeenCalledOnce();
});

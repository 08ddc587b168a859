import { expect, test } from 'vitest';
import { AdjustableClock } from '../../clock.ts';
import { Schedule } from './schedule.ts';

test('hands out what is due, in order, and forgets what is out of date', () => {
  const clock = new AdjustableClock();
  const handedOut: number[] = [];
  const schedule = new Schedule<number>({
    clock,
    run: (due) => handedOut.push(...due),
    isCurrent: (value) => value % 1000 === 0,
  });
  const start = clock.now();
  // More than it tolerates, in an order that is neither rising nor falling.
  for (let n = 0; n < 5000; n += 1) {
    const value = (n * 2741) % 5000;
    schedule.at(start + 1000 + value, value);
  }
  clock.advanceBy(3500);
  const rest = handedOut.filter((value) => value % 1000 === 0);
  expect(rest).toEqual([0, 1000, 2000]);
  expect(handedOut).toEqual(handedOut.toSorted((a, b) => a - b));
  expect(handedOut.length).toBeLessThan(1500);
  const before = handedOut.length;
  schedule.cancel();
  clock.advanceBy(10_000);
  expect(handedOut).toHaveLength(before);
});

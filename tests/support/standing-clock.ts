import { AdjustableClock } from '../../local-cloud/clock.ts';

/** A clock that stands still until a test moves it: no second passes between two looks at it. */
export function standingClock(): AdjustableClock {
  const startMs = Date.now();
  return new AdjustableClock(() => startMs);
}

import { invalidArgument } from '../../network/api-error.ts';

/** As `google.protobuf.Duration`. */
export interface Duration {
  seconds: number;
  nanos: number;
}

export function toMs({ seconds, nanos }: Duration): number {
  return seconds * 1000 + nanos / 1_000_000;
}

export function ofSeconds(seconds: number): Duration {
  return { seconds, nanos: 0 };
}

/** Throws INVALID_ARGUMENT unless the duration lies between the bounds, given in seconds. */
export function checkDuration(
  field: string,
  duration: Duration | null | undefined,
  minimum: number,
  maximum = Number.POSITIVE_INFINITY,
): void {
  if (!duration) return;
  const seconds = toMs(duration) / 1000;
  if (seconds >= minimum && seconds <= maximum) return;
  throw invalidArgument(
    `Invalid ${field}: ${seconds}s. It must be at least ${minimum}s${Number.isFinite(maximum) ? ` and at most ${maximum}s` : ''}.`,
  );
}

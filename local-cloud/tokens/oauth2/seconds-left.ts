import type { Clock } from '../../clock.ts';

/** As Google's servers count `expires_in`: the full seconds that are left when the answer arrives. */
export function secondsLeft(expiresAtMs: number, clock: Clock): number {
  return Math.ceil((expiresAtMs - clock.now()) / 1000) - 1;
}

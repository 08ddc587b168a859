import { createHash } from 'node:crypto';

/** An identity that tokens speak of: a service account or a person. */
export interface Account {
  /** Lower case. */
  email: string;
  /** 21 decimal digits, the `sub` of its ID tokens. */
  uniqueId: string;
}

/** The account behind an e-mail address; the same one whenever the address is the same. */
export function accountOf(email: string): Account {
  return { email: email.toLowerCase(), uniqueId: uniqueIdOf(email) };
}

/** 21 digits that start with 1, as Google's do, derived from the address so that a restart keeps them. */
export function uniqueIdOf(email: string): string {
  const digest = createHash('sha256').update(email.toLowerCase()).digest('hex');
  const digits = BigInt(`0x${digest}`) % 10n ** 20n;
  return `1${digits.toString().padStart(20, '0')}`;
}
